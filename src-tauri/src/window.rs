//! The one window, and what it refuses: other pages, new windows, downloads (`security.md` T-95).

use std::time::Duration;

use tauri::{
    AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::{NewWindowResponse, PageLoadEvent},
};

/// Label of the window; the capability names it too.
pub const LABEL: &str = "main";
/// Longest wait for the page's word that it is painted; then the window is shown as it is.
const PATIENCE: Duration = Duration::from_secs(4);

/// Makes the window, hidden until its page is painted. `reloaded` is called whenever the page starts to load.
pub fn open<R: Runtime>(
    app: &AppHandle<R>,
    reloaded: impl Fn() + Send + Sync + 'static,
) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Muster")
        .inner_size(1280.0, 800.0)
        .min_inner_size(640.0, 480.0)
        .prevent_overflow()
        .center()
        .visible(false)
        .devtools(cfg!(debug_assertions))
        .on_navigation(|address| {
            let allowed = is_own_page(address);
            if !allowed {
                tracing::warn!(host = address.host_str(), scheme = address.scheme(), "navigation refused");
            }
            allowed
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_page_load(move |_, load| {
            if load.event() == PageLoadEvent::Started {
                reloaded();
            }
        })
        .build()?;
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        if !window.is_visible().unwrap_or(true) {
            tracing::warn!("the page did not say that it is painted; the window is shown anyway");
            show(&window);
        }
    });
    Ok(())
}

/// The first useful frame is painted.
#[tauri::command]
pub fn window_ready<R: Runtime>(window: WebviewWindow<R>) {
    tracing::debug!("the page is painted");
    show(&window);
}

/// Brings the window in front of the player, who asked for it by a second start or a link.
pub fn raise<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // A desktop that refuses one of these still has the window where it was.
        let _ = window.unminimize();
        show(&window);
        let _ = window.set_focus();
    }
}

fn show<R: Runtime>(window: &WebviewWindow<R>) {
    // Fails only while the window is being closed.
    let _ = window.show();
}

/// Whether an address is a page of this program: `tauri://localhost`, on Windows `http://tauri.localhost`.
fn is_own_page(address: &Url) -> bool {
    let own = if cfg!(windows) { ("http", "tauri.localhost") } else { ("tauri", "localhost") };
    (address.scheme(), address.host_str()) == (own.0, Some(own.1))
        && address.port().is_none()
        && address.username().is_empty()
        && address.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T-95
    #[cfg(not(windows))]
    #[test]
    fn only_own_pages_are_loaded() {
        let own = |text: &str| is_own_page(&text.parse().expect("an address"));
        assert!(own("tauri://localhost/index.html#/downloads"));
        for text in [
            "https://example.org/",
            "http://tauri.localhost/",
            "http://tauri.attacker.example/",
            "tauri://attacker.example/",
            "tauri://localhost.attacker.example/",
            "tauri://localhost:81/",
            "tauri://user@localhost/",
            "file:///etc/passwd",
            "data:text/html,x",
            "about:blank",
            "javascript:alert(1)",
            "muster://package/a1/b1/c1",
            "ipc://localhost/call",
        ] {
            assert!(!own(text), "{text}");
        }
    }
}
