use super::{Links, open};
use crate::sys::abi;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

const O_RDWR: i32 = 0o2;

/// A directory `root` with something outside of it, which is removed at the end.
struct Tree(PathBuf);

impl Tree {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("offspring-walk-{}-{number}", std::process::id());
        let tree = Self(std::env::temp_dir().join(name));
        fs::create_dir_all(tree.root().join("a/b")).expect("a directory can be made");
        fs::write(tree.0.join("outside"), "outside").expect("a file can be made");
        fs::write(tree.root().join("a/file"), "inside").expect("a file can be made");
        tree
    }

    fn root(&self) -> PathBuf {
        self.0.join("root")
    }

    fn link(&self, target: impl AsRef<Path>, name: &str) {
        symlink(target, self.root().join(name)).expect("a link can be made");
    }

    fn open(&self, path: &str, flags: i32, links: Links) -> Result<String, i32> {
        let root = File::open(self.root()).expect("it is there");
        let number = |error: io::Error| error.raw_os_error().unwrap_or(0);
        let opened = open(root.as_fd(), path.as_bytes(), flags, links).map_err(number)?;
        let mut text = String::new();
        File::from(opened)
            .read_to_string(&mut text)
            .map_err(number)?;
        Ok(text)
    }

    fn read(&self, path: &str) -> Result<String, i32> {
        self.open(path, 0, Links::Follow)
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_leads_outside_is_refused() {
    let tree = Tree::new();
    tree.link("../outside", "up");
    tree.link("a/../../outside", "round");
    tree.link(tree.0.join("outside"), "absolute");
    for path in [
        "../outside",
        "a/../../outside",
        "up",
        "round",
        "absolute",
        "/etc/passwd",
    ] {
        assert_eq!(tree.read(path), Err(abi::EXDEV), "{path}");
    }
}

#[test]
fn links_are_refused_or_followed_inside() {
    let tree = Tree::new();
    tree.link("a", "directory");
    tree.link("directory/b/../file", "file");
    assert_eq!(tree.open("file", 0, Links::Refuse), Err(abi::ELOOP));
    assert_eq!(
        tree.open("directory/file", 0, Links::Refuse),
        Err(abi::ELOOP)
    );
    assert_eq!(tree.read("file").as_deref(), Ok("inside"));
    assert_eq!(tree.read("directory/./file").as_deref(), Ok("inside"));
}

#[test]
fn a_circle_of_links_ends() {
    let tree = Tree::new();
    tree.link("two", "one");
    tree.link("one", "two");
    assert_eq!(tree.read("one"), Err(abi::ELOOP));
}

#[test]
fn a_file_is_made_where_none_is_and_through_no_link() {
    let tree = Tree::new();
    tree.link("../made", "out");
    tree.link("a/new", "in");
    let make = O_RDWR | abi::O_CREAT;
    assert_eq!(tree.open("out", make, Links::Follow), Err(abi::EXDEV));
    assert_eq!(
        tree.open("in", make | abi::O_EXCL, Links::Follow),
        Err(abi::EEXIST)
    );
    assert_eq!(tree.open("in", make, Links::Follow).as_deref(), Ok(""));
    assert!(tree.root().join("a/new").exists() && !tree.0.join("made").exists());
    assert_eq!(
        tree.open("a/none/new", make, Links::Follow),
        Err(abi::ENOENT)
    );
    assert_eq!(
        tree.open("a/file/new", make, Links::Follow),
        Err(abi::ENOTDIR)
    );
}

#[test]
fn the_directory_itself_is_opened() {
    let tree = Tree::new();
    for path in [".", "a/..", "./a/b/../.."] {
        assert_eq!(
            tree.open(path, 0, Links::Refuse),
            Err(abi::EISDIR),
            "{path}"
        );
    }
}
