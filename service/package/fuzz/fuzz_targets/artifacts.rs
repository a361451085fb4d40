//! Block lists, entry maps and torrents: what is accepted is written again as the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_domain::{Archive, Sha256};
use muster_package::{BlockList, EntryMap, torrent::Info};

fuzz_target!(|bytes: &[u8]| {
    let Some((size, bytes)) = bytes.split_first_chunk::<8>() else { return };
    let size = u64::from_le_bytes(*size);
    if let Ok(list) = BlockList::parse(bytes, size) {
        assert_eq!(list.to_bytes(), bytes);
    }
    if let Ok(map) = EntryMap::parse(bytes, size) {
        assert_eq!(map.to_bytes(), bytes);
        map.frame().expect("a map that was read can be framed");
    }
    let archive = Archive { sha256: Sha256([0x5a; 32]), size };
    if let Ok(info) = Info::parse_metainfo(bytes, &archive) {
        assert_eq!(info.metainfo(), bytes);
    }
});
