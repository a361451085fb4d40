//! The index as it is kept for the next start: eight bytes that name it, its format, a checksum, and the fields in
//! [postcard](https://postcard.jamesmunns.com/wire-format)'s form. What is damaged, or of another format, is nothing.

use super::index::Index;

const NAME: &[u8; 8] = b"MusIndex";
/// To be raised with every change of what is kept or of what it means; a test shows the first.
const FORMAT: u32 = 1;
const HEADER: usize = 16;

/// Writes an index down. `None` only if it cannot be written at all.
pub(crate) fn write(index: &Index) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(HEADER + 64 * index.len());
    bytes.extend_from_slice(NAME);
    bytes.extend_from_slice(&FORMAT.to_le_bytes());
    bytes.extend_from_slice(&[0; 4]);
    let mut bytes = postcard::to_extend(index, bytes).ok()?;
    let checksum = crc32fast::hash(&bytes[HEADER..]);
    bytes[HEADER - 4..HEADER].copy_from_slice(&checksum.to_le_bytes());
    Some(bytes)
}

/// Reads an index that is whole and of this format.
pub(crate) fn read(bytes: &[u8]) -> Option<Index> {
    let (header, body) = bytes.split_at_checked(HEADER)?;
    let expected = [&NAME[..], &FORMAT.to_le_bytes(), &crc32fast::hash(body).to_le_bytes()].concat();
    if header != expected {
        return None;
    }
    let (index, rest) = postcard::take_from_bytes::<Index>(body).ok()?;
    (rest.is_empty() && index.is_sound()).then(|| index.completed())
}

#[cfg(test)]
mod tests {
    use muster_domain::{Sha256, SourceId};
    use muster_store::catalog::{IndexData, IndexRow, Words};
    use proptest::prelude::*;

    use super::*;
    use crate::query::Facet;

    fn row(number: i64, title: &str, facets: &[u32]) -> IndexRow {
        let words = Words {
            name: title.into(),
            tags: "hud".into(),
            summary: format!("made of {title} and stone"),
            title_key: title.into(),
            name_key: format!("{title} {number}"),
        };
        let (size, time) = (u64::from(number.unsigned_abs() as u32) * 1_000, number * 86_400_000);
        IndexRow {
            row: number,
            size,
            updated: time,
            published: -time,
            downloads: size,
            words,
            facets: facets.into(),
        }
    }

    fn index() -> Index {
        let source = |byte| SourceId::registry(&Sha256([byte; 32]));
        Index::build(IndexData {
            revision: 7,
            rows: vec![row(9, "weather", &[1, 2, 2]), row(4, "größe", &[2]), row(300, "weather", &[])],
            facet_values: vec![(1, "kind".into(), "mod".into()), (2, "tag".into(), "hud".into())],
            twins: vec![vec![(9, source(1)), (4, source(2)), (5, source(2))]],
        })
    }

    fn sealed(body: &[u8]) -> Vec<u8> {
        [&NAME[..], &FORMAT.to_le_bytes(), &crc32fast::hash(body).to_le_bytes(), body].concat()
    }

    #[test]
    fn an_index_reads_back_as_it_was() {
        let (index, bytes) = (index(), write(&index()).expect("written"));
        let read = read(&bytes).expect("read");
        assert_eq!(write(&read).expect("written"), bytes);
        assert_eq!((read.rows.as_slice(), read.revision), (&[4, 300, 9][..], 7));
        assert_eq!(read.position(300), Some(1));
        assert_eq!(read.others(2), index.others(2));
        assert_eq!(read.having(Facet::Tag, "HUD").positions().collect::<Vec<_>>(), [0, 2]);
        assert_eq!(read.lexicon.near("waether", false, 4), ["weather"]);
        assert_eq!(read.lexicon.beginning_with("we").positions().collect::<Vec<_>>(), [1, 2]);
        assert!(
            self::read(&write(&Index::default()).expect("written")).is_some_and(|empty| empty.len() == 0)
        );
    }

    #[test]
    fn what_is_kept_has_the_format_that_its_number_names() {
        let checksum = crc32fast::hash(&write(&index()).expect("written"));
        assert_eq!((FORMAT, checksum), (1, 3_207_149_543), "raise FORMAT, then write its new checksum here");
    }

    #[test]
    fn another_format_and_loose_ends_are_refused() {
        let bytes = write(&index()).expect("written");
        let mut newer = bytes.clone();
        newer[8] += 1;
        assert!(read(&newer).is_none());
        assert!(read(&sealed(&[&bytes[HEADER..], &[0]].concat())).is_none(), "more than an index");
        for mend in [
            (|index: &mut Index| index.by_downloads[0] = 3) as fn(&mut Index),
            |index| index.size.truncate(2),
            |index| index.twins[0][0].0 = 9,
            |index| index.rows.push(5),
        ] {
            let mut index = index();
            mend(&mut index);
            assert!(read(&write(&index).expect("written")).is_none(), "it leads outside of itself");
        }
    }

    proptest! {
        #[test]
        fn a_damaged_byte_is_seen(place in any::<prop::sample::Index>(), change in 1u8..) {
            let mut bytes = write(&index()).expect("written");
            let place = place.index(bytes.len());
            bytes[place] ^= change;
            prop_assert!(read(&bytes).is_none());
        }

        #[test]
        fn reading_is_total(body in prop::collection::vec(any::<u8>(), 0..200), place in any::<prop::sample::Index>()) {
            let _ = read(&body);
            let _ = read(&sealed(&body));
            // Damage that the checksum does not show.
            let mut bytes = write(&index()).expect("written");
            let place = HEADER + place.index(bytes.len() - HEADER);
            bytes[place] ^= body.first().copied().unwrap_or(1);
            if let Some(index) = read(&sealed(&bytes[HEADER..])) {
                index.lexicon.having("w");
                index.lexicon.near("waether", true, 4);
                index.position(9);
            }
        }
    }
}
