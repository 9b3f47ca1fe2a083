use super::*;

fn directories(names: &[&str]) -> Directories {
    let directory = |name: &&str| Directory {
        guest: (*name).to_owned(),
        name: Words::of(name).unwrap(),
        place: crate::view::place_in_child(name).into(),
        host: "/host".into(),
        file: Some(FileIdentity {
            device: 1,
            inode: 2,
        }),
        writable: true,
        same_on_host: *name == "/same",
    };
    Directories {
        all: names.iter().map(directory).collect(),
    }
}

fn located(names: &[&str], path: &str) -> Option<(usize, String)> {
    let place = directories(names).locate(path)?;
    Some((place.preopen, place.path))
}

fn at(preopen: usize, path: &str) -> Option<(usize, String)> {
    Some((preopen, path.to_owned()))
}

#[test]
fn paths_that_lead_out_of_every_directory_are_not_located() {
    assert_eq!(located(&["."], ".."), None);
    assert_eq!(located(&["."], "a/../../b"), None);
    assert_eq!(located(&["/data"], "/data/.."), None);
    assert_eq!(located(&["/data"], "/data/../x"), None);
    assert_eq!(located(&["/data"], "/database"), None);
    assert_eq!(located(&["/"], "/.."), None);
    assert_eq!(located(&["/"], "../etc/passwd"), None);
    assert_eq!(located(&["a"], "b"), None);
    assert_eq!(located(&[], "a"), None);
}

#[test]
fn empty_paths_and_paths_with_nul_are_not_located() {
    assert_eq!(located(&["."], ""), None);
    assert_eq!(located(&["."], "a\0b"), None);
}

#[test]
fn the_longest_name_wins_on_component_boundaries() {
    let names = ["/", "/data", "/data/deep", "."];
    assert_eq!(located(&names, "/data/deep/x"), at(2, "x"));
    assert_eq!(located(&names, "/data/deeper"), at(1, "deeper"));
    assert_eq!(located(&names, "/data//./x/"), at(1, "x"));
    assert_eq!(located(&names, "/data/../x"), at(0, "x"));
    assert_eq!(located(&names, "/data"), at(1, "."));
    assert_eq!(located(&names, "x/y/../z"), at(3, "x/z"));
}

#[test]
fn a_relative_path_belongs_to_the_root_where_there_is_no_directory_of_its_kind() {
    assert_eq!(located(&["/"], "x"), at(0, "x"));
    assert_eq!(located(&["/data"], "data/x"), at(0, "x"));
    assert_eq!(located(&["data"], "/data/x"), at(0, "x"));
    assert_eq!(located(&["/", "."], "x"), at(1, "x"));
}

#[test]
fn a_directory_above_the_working_directory_keeps_its_name() {
    assert_eq!(located(&["..", "."], "../x"), at(0, "x"));
    assert_eq!(located(&["..", "."], "../../x"), None);
    assert_eq!(located(&["..", "."], "x"), at(1, "x"));
}

#[test]
fn whatever_the_path_the_place_is_relative_and_never_climbs() {
    const PARTS: [&str; 9] = ["..", ".", "", "a", "data", "deep", "...", "..a", " "];
    let directories = directories(&["/data", ".", "/", "..", "data/deep", "/data/deep"]);
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..100_000 {
        let mut path = String::new();
        for _ in 0..seed % 9 {
            // An xorshift generator, so that the test needs nothing and repeats exactly.
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            path.push_str(PARTS[(seed >> 32) as usize % PARTS.len()]);
            path.push('/');
        }
        seed = seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(1);
        let Some(place) = directories.locate(&path) else {
            continue;
        };
        assert!(
            !place.path.is_empty() && !place.path.starts_with('/'),
            "{path}: {place:?}"
        );
        assert!(
            place
                .path
                .split('/')
                .all(|part| part != ".." && !part.is_empty()),
            "{path}"
        );
        assert!(
            place.path == "." || place.path.split('/').all(|part| part != "."),
            "{path}"
        );
    }
}

#[test]
fn a_child_starts_in_the_directory_called_dot_or_else_the_first() {
    let start = |names: &[&str]| directories(names).default_cwd().map(|place| place.preopen);
    assert_eq!(start(&[]), None);
    assert_eq!(start(&["/a", "./"]), Some(1));
    assert_eq!(start(&["/a", "/b"]), Some(0));
}

fn admit(cwd: Option<(usize, &str)>, path: &str) -> Result<(), PathRefusal> {
    admit_in(Confinement::None, cwd, path)
}

fn admit_in(
    confinement: Confinement,
    cwd: Option<(usize, &str)>,
    path: &str,
) -> Result<(), PathRefusal> {
    let cwd = cwd.map(|(preopen, path)| GuestPath {
        preopen,
        path: path.to_owned(),
    });
    let directories = directories(&[".", "/same", "/moved"]);
    ChildPaths {
        directories: &directories,
        cwd: cwd.as_ref(),
        confinement,
    }
    .admit(path)
}

#[test]
fn a_relative_argument_is_followed_from_the_working_directory_and_stays_in_its_tree() {
    assert_eq!(
        admit(Some((0, ".")), "../etc/passwd"),
        Err(PathRefusal::Outside)
    );
    assert_eq!(
        admit(Some((0, ".")), "a/../../etc"),
        Err(PathRefusal::Outside)
    );
    assert_eq!(
        admit(Some((0, "sub")), "../../x"),
        Err(PathRefusal::Outside)
    );
    assert_eq!(admit(None, "x"), Err(PathRefusal::Outside));
    assert_eq!(admit(Some((0, "sub")), "../x"), Ok(()));
    assert_eq!(admit(Some((0, ".")), "a/b"), Ok(()));
}

#[test]
fn an_absolute_argument_must_mean_the_same_file_to_an_unconfined_child() {
    assert_eq!(
        admit(Some((0, ".")), "/etc/passwd"),
        Err(PathRefusal::Outside)
    );
    assert_eq!(
        admit(Some((0, ".")), "/same/../etc"),
        Err(PathRefusal::Outside)
    );
    assert_eq!(
        admit(Some((0, ".")), "/moved/x"),
        Err(PathRefusal::AnotherFile)
    );
    assert_eq!(admit(Some((0, ".")), "/same/x"), Ok(()));
}

#[test]
fn an_absolute_argument_means_the_guests_own_file_only_to_a_child_in_the_guests_world() {
    let landlock = |path| admit_in(Confinement::Landlock, Some((0, ".")), path);
    assert_eq!(landlock("/moved/x"), Err(PathRefusal::AnotherFile));
    assert_eq!(landlock("/same/x"), Ok(()));
    let namespace = |path| admit_in(Confinement::Namespace, Some((0, ".")), path);
    assert_eq!(namespace("/etc/passwd"), Err(PathRefusal::Outside));
    assert_eq!(namespace("/moved/../etc"), Err(PathRefusal::Outside));
    assert_eq!(namespace("../etc"), Err(PathRefusal::Outside));
    assert_eq!(namespace("/moved/x"), Ok(()));
}

#[test]
fn a_directory_holds_what_is_beneath_its_path_and_itself_by_any_path() {
    let directory = &directories(&["."]).all[0];
    let holds = |path: &str, inode| {
        let file = Some(FileIdentity { device: 1, inode });
        directory.holds(&Waypoint {
            path: path.into(),
            file,
        })
    };
    assert!(holds("/host/bin", 3));
    assert!(holds("/bind-mount", 2));
    assert!(!holds("/hosts", 3));
    assert!(!holds("/", 3));
    assert!(!directory.holds(&Waypoint {
        path: "/x".into(),
        file: None
    }));
}
