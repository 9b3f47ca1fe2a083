//! Ways out of the world by what was handed over: a working directory, and files as streams.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use offspring_tests::{Premises, Told};

use super::stage::{Stage, Tier};
use super::table::{Findings, is_open};

const TIERS: [Tier; 2] = [Tier::Namespace, Tier::Landlock];

/// Makes some of the probe's attempts. Where its output is a file, that is read instead.
fn attempt(stage: &Stage, guest: &mut Told, tier: Tier, settings: &[&str], only: &str) -> Findings {
    let options = stage.options(tier);
    let mut program = vec!["probe", "--only", only];
    program.extend(options.iter().map(String::as_str));
    let mut output = guest.run_with(settings, &program).succeeds();
    if settings.iter().any(|it| it.starts_with("stdout=")) {
        output = fs::read_to_string(stage.at("inside/output")).expect("the output is there");
    }
    let lines = output.lines().filter_map(|line| line.split_once(": "));
    let found: Findings = lines
        .map(|(name, outcome)| (name.to_owned(), outcome.to_owned()))
        .collect();
    assert_eq!(found.len(), only.split(',').count(), "{output}");
    found
}

#[track_caller]
fn all_closed(tier: Tier, found: &Findings) {
    let open: Vec<_> = found.iter().filter(|(_, it)| is_open(it)).collect();
    assert!(open.is_empty(), "in {}: {open:?}", tier.name());
}

/// Does something with a guest in each confined tier.
fn in_each_tier(act: impl Fn(&Stage, &mut Told, Tier)) {
    for tier in TIERS {
        let premises = Premises::enter();
        let stage = Stage::new();
        let mut guest = stage.guest(tier, "");
        act(&stage, &mut guest, tier);
        guest.dismiss();
        drop(stage);
        premises.leave();
    }
}

/// All that a change of a file would change.
fn look(path: &Path) -> impl PartialEq + std::fmt::Debug + use<> {
    let data = fs::metadata(path).expect("the file is there");
    let text = fs::read(path).expect("the file can be read");
    let times = [
        data.mtime(),
        data.mtime_nsec(),
        data.ctime(),
        data.ctime_nsec(),
    ];
    (data.permissions().mode(), data.uid(), times, text)
}

#[test]
fn nobody_climbs_from_a_working_directory() {
    in_each_tier(|stage, guest, tier| {
        for directory in ["cwd=/inside", "cwd=/readonly", "cwd=/readonly/sub"] {
            let only = "files.climb-from-here,files.climb-from-inside,files.climb-from-readonly,\
                        files.climb-after-rename,files.climb-after-chroot";
            all_closed(tier, &attempt(stage, guest, tier, &[directory], only));
        }
    });
}

#[test]
fn nobody_climbs_from_a_stream() {
    in_each_tier(|stage, guest, tier| {
        fs::write(stage.at("inside/input"), "").expect("a file can be written");
        let streams = [
            "stdin=/readonly/file",
            "stdout=/inside/output",
            "stderr=/inside/errors",
        ];
        let only = "files.climb-from-input,files.climb-from-output,files.climb-from-errors,\
                    files.climb-from-others,files.link-input-to-inside,readonly.input-climb";
        all_closed(tier, &attempt(stage, guest, tier, &streams, only));
        let streams = ["stdin-both=/inside/input"];
        all_closed(
            tier,
            &attempt(stage, guest, tier, &streams, "files.climb-from-input"),
        );
    });
}

#[test]
fn nobody_changes_a_file_that_is_input() {
    in_each_tier(|stage, guest, tier| {
        let file = stage.at("readonly/file");
        let before = look(&file);
        let only = "readonly.input-write,readonly.input-truncate,readonly.input-allocate,\
                    readonly.input-chmod,readonly.input-chmod-2,readonly.input-chown,\
                    readonly.input-touch,readonly.input-set-attribute,readonly.input-set-flags,\
                    readonly.input-lease,readonly.input-map-to-write,\
                    readonly.input-reopen-to-write,readonly.input-reopen-to-write-by-dev,\
                    readonly.input-reopen-by-nothing";
        let found = attempt(stage, guest, tier, &["stdin=/readonly/file"], only);
        all_closed(tier, &found);
        assert_eq!(look(&file), before);
    });
}

#[test]
fn nobody_changes_or_opens_what_is_outside() {
    in_each_tier(|stage, guest, tier| {
        let file = stage.at("outside/file");
        let before = look(&file);
        let only = "files.read,files.write,files.truncate,files.chmod,files.chmod-2,\
                    files.chmod-directory,files.chown,files.touch,files.set-attribute,\
                    files.set-attribute-at,files.watch,files.watch-directory,files.handle,\
                    files.list,files.create,files.create-directory,files.link,files.rename,\
                    files.rename-directory,files.delete-file,files.delete-directory,\
                    files.read-secret,files.through-own-link,files.through-own-link-upwards,\
                    files.create-through-own-link,files.link-to-inside,files.rename-to-inside,\
                    files.rename-from-inside,files.through-own-root,files.through-host-root";
        all_closed(tier, &attempt(stage, guest, tier, &[], only));
        assert_eq!(look(&file), before);
    });
}

#[test]
fn what_is_outside_is_not_even_there_in_a_tree_of_its_own() {
    let premises = Premises::enter();
    let stage = Stage::new();
    let mut guest = stage.guest(Tier::Namespace, "");
    let only = "files.stat,files.exists,files.statfs,files.open-path,files.enter,files.list,\
                files.chmod,files.access-to-read";
    let found = attempt(&stage, &mut guest, Tier::Namespace, &[], only);
    let there: Vec<_> = found.iter().filter(|(_, it)| *it != "absent").collect();
    assert!(there.is_empty(), "{there:?}");
    guest.dismiss();
    drop(stage);
    premises.leave();
}
