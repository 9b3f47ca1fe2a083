use super::{Pids, processes};
use crate::sys::process;
use crate::wire::Tier;

fn entry(name: &str) -> Vec<u8> {
    let length = (19 + name.len() + 1).next_multiple_of(8);
    let mut entry = vec![0; 16];
    entry.extend((length as u16).to_ne_bytes());
    entry.push(4);
    entry.extend(name.as_bytes());
    entry.resize(length, 0);
    entry
}

#[test]
fn only_numbers_are_processes() {
    let names = [
        ".",
        "..",
        "self",
        "1",
        "17",
        "4194303",
        "sys",
        "99999999999",
    ];
    let entries = names.map(entry).concat();
    assert_eq!(processes(&entries), [1, 17, 4_194_303]);
    assert_eq!(processes(&[]), []);
    assert_eq!(processes(&entries[..20]), []);
}

#[test]
fn we_are_listed_once_each_time() {
    let mut pids = Pids::open(Tier::Landlock).unwrap();
    pids.prove().unwrap();
    for _ in 0..2 {
        pids.rewind().unwrap();
        let mut found = Vec::new();
        loop {
            let page = pids.next().unwrap();
            if page.is_empty() {
                break;
            }
            found.extend(page);
        }
        let own = found.iter().filter(|id| **id == process::own_id());
        assert_eq!(own.count(), 1);
    }
}
