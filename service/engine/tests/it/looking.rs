//! An address that takes long to read is looked at as a job: shown, cancelled, and forgotten by the next start.

use std::time::{Duration, Instant};

use muster_engine::{EngineError, GitStage, JobKind, JobView, Phase};
use tokio::{io::AsyncReadExt as _, net::TcpListener};

use crate::support::{World, ended, until};

/// The address of a repository on a host that takes every question and never answers; or hangs up at once.
async fn host(hangs_up: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        let mut connections = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read_u8().await;
            if !hangs_up {
                connections.push(stream);
            }
        }
    });
    format!("git+http://127.0.0.1:{port}/mods.git")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_is_looked_at_as_a_job_that_can_be_cancelled() {
    let world = World::new();
    let (engine, _) = world.engine().await;
    let address = host(false).await;
    let job = engine.look_at_source(&address).await.expect("begun").expect("a job");
    let shown = until(&engine, job, |view: &JobView| view.step.is_some()).await;
    assert_eq!((shown.kind, shown.phase, &shown.subjects), (JobKind::Look, Phase::Fetching, &vec![address]));
    assert_eq!(shown.step.map(|step| (step.stage, step.bytes)), Some((GitStage::Asking, 0)));
    let asked = Instant::now();
    engine.cancel_job(job).expect("cancelled");
    let view = ended(&engine, job).await;
    assert_eq!((view.phase, view.step, view.problem), (Phase::Cancelled, None, None));
    assert!(asked.elapsed() < Duration::from_secs(5), "it does not wait for the host");
    engine.close().await;
    drop(engine);
    let engine = world.open().await;
    engine.start().await;
    assert!(engine.jobs().iter().all(|view| view.kind != JobKind::Look), "nobody waits for it any more");
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_answers_soon_needs_no_job_and_what_fails_says_why() {
    let world = World::new();
    let (engine, _) = world.engine().await;
    for address in [world.folder.path().join("registry").display().to_string(), "contentdb".to_owned()] {
        assert_eq!(engine.look_at_source(&address).await.expect("looked"), None, "{address}");
    }
    let job = engine.look_at_source(&host(true).await).await.expect("begun").expect("a job");
    let view = ended(&engine, job).await;
    let code = view.problem.map(|problem| problem.reason.code);
    assert_eq!((view.phase, code.as_deref()), (Phase::Failed, Some("catalog-offline")));
    let patch = muster_engine::SettingsPatch { offline: Some(true), ..Default::default() };
    engine.patch_settings(patch).await.expect("offline");
    let refused = engine.look_at_source(&host(false).await).await;
    assert!(matches!(refused, Err(EngineError::Offline)), "{refused:?}");
    engine.close().await;
}
