//! Links on their way from the desktop to the page.
//!
//! Any web page, and any program of this user, can send one. So a link is read by the one parser, at most one waits at a
//! time, and a burst counts as one (`security.md` T-90). Nothing here acts on a link: the page shows a question.

use std::time::{Duration, Instant};

use muster_domain::{Link, LinkError};

/// A link that follows another one sooner than this belongs to the same burst and is dropped.
const BURST: Duration = Duration::from_secs(1);

/// What is told to the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A well-formed link, in the form that [`Link`] prints.
    Link(String),
    /// A link that the parser refused.
    Refused(LinkError),
}

/// Holds what arrives before the page listens.
#[derive(Debug, Default)]
pub struct LinkInbox {
    page_listens: bool,
    waiting: Option<Notice>,
    last: Option<Instant>,
}

impl LinkInbox {
    /// Takes a link; gives what the page must be told now, if it listens already.
    pub fn accept(&mut self, text: &str, now: Instant) -> Option<Notice> {
        let in_burst = self.last.is_some_and(|last| now.saturating_duration_since(last) < BURST);
        self.last = Some(now);
        if in_burst {
            return None;
        }
        let notice = match text.parse::<Link>() {
            Ok(link) => Notice::Link(link.to_string()),
            Err(error) => Notice::Refused(error),
        };
        if self.page_listens {
            return Some(notice);
        }
        // The later click is the one the player remembers.
        self.waiting = Some(notice);
        None
    }

    /// The page listens from now on; gives what waited for it.
    pub fn page_listens(&mut self) -> Option<Notice> {
        self.page_listens = true;
        self.waiting.take()
    }

    /// The page is being loaded again.
    pub fn page_left(&mut self) {
        self.page_listens = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "muster://package/starter/lanterns/glow";

    fn later(seconds: u64) -> Instant {
        Instant::now() + Duration::from_secs(seconds)
    }

    #[test]
    fn waits_until_the_page_listens_and_is_given_once() {
        let mut inbox = LinkInbox::default();
        assert_eq!(inbox.accept(LINK, later(0)), None);
        assert_eq!(inbox.page_listens(), Some(Notice::Link(LINK.into())));
        assert_eq!(inbox.page_listens(), None);
        assert_eq!(inbox.accept(LINK, later(10)), Some(Notice::Link(LINK.into())));
    }

    #[test]
    fn waits_again_while_the_page_is_loaded_again() {
        let mut inbox = LinkInbox::default();
        inbox.page_listens();
        inbox.page_left();
        assert_eq!(inbox.accept(LINK, later(0)), None);
        assert_eq!(inbox.page_listens(), Some(Notice::Link(LINK.into())));
    }

    #[test]
    fn the_later_of_two_waiting_links_wins() {
        let mut inbox = LinkInbox::default();
        inbox.accept(LINK, later(0));
        inbox.accept("muster://package/starter/lanterns/other", later(5));
        assert_eq!(
            inbox.page_listens(),
            Some(Notice::Link("muster://package/starter/lanterns/other".into()))
        );
    }

    /// T-90: 500 links in a second end in one question.
    #[test]
    fn a_burst_counts_as_one() {
        let mut inbox = LinkInbox::default();
        inbox.page_listens();
        let start = Instant::now();
        let told =
            (0..500).filter(|index| inbox.accept(LINK, start + Duration::from_millis(index * 2)).is_some());
        assert_eq!(told.count(), 1);
        assert!(inbox.accept(LINK, start + Duration::from_secs(3)).is_some());
    }

    /// T-90: the corpus of hostile links is the parser's; here only that a refusal is told as one and never as a link.
    #[test]
    fn refused_links_are_told_as_refused() {
        for text in ["muster:install", "muster://run/x", "--flag", &"muster://".repeat(2000)] {
            let mut inbox = LinkInbox::default();
            inbox.page_listens();
            assert!(matches!(inbox.accept(text, later(0)), Some(Notice::Refused(_))), "{text}");
        }
    }
}
