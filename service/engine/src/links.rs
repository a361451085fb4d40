//! What a `muster://` link asks for. Looking has no side effects beyond reading registries that the player trusts.

use std::net::SocketAddr;

use muster_domain::{
    Link, LinkError, LinkSource, PackageId, PublishedName, Sha256, SourceId, Version, VersionRange,
};

use crate::{ChangeRequest, Engine, EngineError, Key, PlanView, Wish, browse::Row};

/// What to show for a link.
#[derive(Clone, Debug)]
pub enum LinkView {
    /// Installs a package or collection, after a yes.
    Package {
        package: Box<Row>,
        plan: Box<PlanView>,
        request: Box<ChangeRequest>,
    },
    Present {
        package: Box<Row>,
    },
    /// Names a source that the player does not have; nothing was fetched.
    UnknownSource {
        source: String,
        package: String,
    },
    AddSource {
        root: Sha256,
        address: String,
        is_known: bool,
    },
    /// Invites to a lobby. Nobody was asked for its ticket: that names an address to strangers, and is the player's word.
    Lobby {
        peers: Vec<SocketAddr>,
    },
    /// Cannot be read as a link.
    Unreadable {
        error: LinkError,
    },
}

impl Engine {
    /// Looks at a link on behalf of the player.
    pub async fn inspect_link(&self, text: &str) -> Result<LinkView, EngineError> {
        match text.parse::<Link>() {
            Err(error) => Ok(LinkView::Unreadable { error }),
            Ok(Link::AddSource { root, at }) => {
                let is_known = self.state().sources().get(&SourceId::registry(&root)).await?.is_some();
                Ok(LinkView::AddSource { root, address: at, is_known })
            }
            Ok(Link::Join(link)) => Ok(LinkView::Lobby { peers: link.peers }),
            // The ticket is in the link: there is nobody to ask.
            Ok(Link::JoinWith(_)) => Ok(LinkView::Lobby { peers: Vec::new() }),
            Ok(Link::Package { source, name, version }) => self.inspect_package(&source, name, version).await,
            Ok(Link::Collection { source, name }) => self.inspect_package(&source, name, None).await,
        }
    }

    async fn inspect_package(
        &self,
        source: &LinkSource,
        name: PublishedName,
        version: Option<Version>,
    ) -> Result<LinkView, EngineError> {
        let stored = match source {
            LinkSource::Id(id) => self.state().sources().get(id).await?,
            LinkSource::Alias(alias) => self.state().sources().by_alias(alias).await?,
        };
        let Some(stored) = stored.filter(|stored| stored.enabled) else {
            return Ok(LinkView::UnknownSource { source: source.to_string(), package: name.to_string() });
        };
        let key = Key { source: stored.id, id: PackageId::from(name) };
        let profile = self.profile_or_current(None).await?;
        let found = self.catalog().package(&key.source, &key.id).await?;
        let row = self.row(found.package, profile.as_ref()).await;
        let locked = profile.as_ref().and_then(|profile| profile.lock.get(&key.source, &key.id));
        if locked
            .is_some_and(|locked| locked.enabled && version.as_ref().is_none_or(|v| *v == locked.version))
        {
            return Ok(LinkView::Present { package: Box::new(row) });
        }
        let range = version.as_ref().and_then(VersionRange::only).unwrap_or_default();
        let mut request =
            ChangeRequest { install: vec![Wish { key, range, sha256: None }], ..ChangeRequest::default() };
        let plan = self.plan(profile.map(|profile| profile.id), &request).await?;
        request.agreed = Some(plan.digest.clone());
        Ok(LinkView::Package { package: Box::new(row), plan: Box::new(plan), request: Box::new(request) })
    }
}
