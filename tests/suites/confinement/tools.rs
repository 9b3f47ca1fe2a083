//! Programs that people use, in the tier that is the default, under a policy as an operator writes
//! it.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use offspring_tests::{Premises, Ran, Told};
use tempfile::TempDir;
use wasmtime_wasi::FsPerms;

use super::stage::own_user;

const POLICY: &str = include_str!("tools.toml");

/// A project, and a guest that works on it.
struct Project {
    guest: Told,
    directory: TempDir,
}

impl Project {
    fn run(&mut self, program: &[&str]) -> Ran {
        self.guest.run_with(&["cwd=/work"], program)
    }

    #[track_caller]
    fn does(&mut self, program: &[&str]) -> String {
        self.run(program).succeeds()
    }

    fn at(&self, name: &str) -> std::path::PathBuf {
        self.directory.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).expect("the file is there")
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.at(name), text).expect("a file can be written");
    }
}

fn with_a_project(work: impl FnOnce(&mut Project)) {
    let premises = Premises::enter();
    let directory = TempDir::new().expect("a temporary directory can be made");
    let given = [(directory.path(), "/work", FsPerms::ReadWrite)];
    let guest = Told::new(POLICY, &given);
    let mut project = Project {
        guest: guest.expect("these tests need user namespaces, Landlock and seccomp"),
        directory,
    };
    work(&mut project);
    belongs_to_us(project.directory.path());
    project.guest.dismiss();
    premises.leave();
}

/// Whatever children have made is the host's user's.
fn belongs_to_us(directory: &Path) {
    for entry in fs::read_dir(directory).expect("a directory can be read") {
        let path = entry.expect("a directory can be read").path();
        let data = fs::symlink_metadata(&path).expect("the file is there");
        assert_eq!((data.uid(), data.gid()), own_user(), "{}", path.display());
        if data.is_dir() {
            belongs_to_us(&path);
        }
    }
}

#[test]
fn git_keeps_a_history() {
    with_a_project(|project| {
        project.does(&["git", "init", "--quiet", "--initial-branch=main", "."]);
        project.write("file", "one\n");
        project.does(&["git", "add", "file"]);
        project.does(&["git", "commit", "--quiet", "--message=First"]);
        project.write("file", "two\n");
        project.does(&["git", "commit", "--quiet", "--all", "--message=Second"]);
        let log = project.does(&["git", "log", "--format=%an: %s"]);
        assert_eq!(log, "A Guest: Second\nA Guest: First\n");
        assert_eq!(project.does(&["git", "status", "--porcelain"]), "");
    });
}

#[test]
fn tar_packs_and_unpacks() {
    with_a_project(|project| {
        fs::create_dir(project.at("tree")).expect("a directory can be made");
        project.write("tree/file", "text\n");
        let mode = fs::Permissions::from_mode(0o640);
        fs::set_permissions(project.at("tree/file"), mode).expect("a mode can be set");
        project.does(&["tar", "cf", "tree.tar", "tree"]);
        fs::create_dir(project.at("out")).expect("a directory can be made");
        project.does(&["tar", "xpf", "tree.tar", "-C", "out"]);
        assert_eq!(project.text("out/tree/file"), "text\n");
        let unpacked = fs::metadata(project.at("out/tree/file")).expect("it is there");
        assert_eq!(unpacked.permissions().mode() & 0o7777, 0o640);
    });
}

#[test]
fn cp_keeps_what_a_file_has() {
    with_a_project(|project| {
        fs::create_dir(project.at("tree")).expect("a directory can be made");
        project.write("tree/file", "text\n");
        std::os::unix::fs::symlink("file", project.at("tree/link")).expect("a link can be made");
        project.does(&["cp", "-a", "tree", "copy"]);
        let [old, new] = ["tree/file", "copy/file"]
            .map(|name| fs::metadata(project.at(name)).expect("it is there"));
        assert_eq!((old.mtime(), old.mode()), (new.mtime(), new.mode()));
        let link = fs::read_link(project.at("copy/link")).expect("it is a link");
        assert_eq!(link, Path::new("file"));
    });
}

#[test]
fn sed_changes_a_file_in_its_place() {
    with_a_project(|project| {
        project.write("file", "one two\n");
        project.does(&["sed", "-i", "s/two/three/", "file"]);
        assert_eq!(project.text("file"), "one three\n");
    });
}

const PROGRAM: &str = "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n";

#[test]
fn what_gcc_has_built_does_not_run_without_a_grant() {
    with_a_project(|project| {
        project.write("hello.c", PROGRAM);
        project.does(&["gcc", "-o", "hello", "hello.c"]);
        let ran = project.run(&["sh", "-c", "./hello"]);
        assert_eq!(ran.status, "exit status: 126");
        assert!(ran.stderr.contains("Permission denied"), "{}", ran.stderr);
        let ran = project.does(&["sh-for-tests", "-c", "./hello"]);
        assert_eq!(ran, "hello\n");
    });
}

#[test]
fn make_builds_what_has_changed() {
    with_a_project(|project| {
        project.write("hello.c", PROGRAM);
        project.write("Makefile", "hello: hello.c\n\tgcc -o $@ $<\n");
        let built = project.does(&["make"]);
        assert_eq!(built, "gcc -o hello hello.c\n");
        let again = project.does(&["make"]);
        assert!(again.contains("up to date"), "{again}");
        assert_eq!(project.does(&["sh-for-tests", "-c", "./hello"]), "hello\n");
    });
}

const PYTHON: &str = "\
import asyncio, subprocess, shutil, tempfile, os
async def one(word):
    p = await asyncio.create_subprocess_exec('/bin/echo', word, stdout=subprocess.PIPE)
    out, _ = await p.communicate()
    return out.decode().strip()
async def all():
    print(await asyncio.gather(*[one(str(n)) for n in range(3)]))
asyncio.run(all())
print(subprocess.run(['/bin/sh', '-c', 'exit 3']).returncode)
with tempfile.TemporaryDirectory(dir='.') as d:
    open(os.path.join(d, 'a'), 'w').close()
    shutil.copy2(os.path.join(d, 'a'), os.path.join(d, 'b'))
    print(sorted(os.listdir(d)))
";

#[test]
fn python_has_asyncio_and_subprocesses() {
    with_a_project(|project| {
        let said = project.does(&["python3", "-c", PYTHON]);
        assert_eq!(said, "['0', '1', '2']\n3\n['a', 'b']\n");
    });
}

#[test]
fn sqlite_keeps_a_database() {
    with_a_project(|project| {
        let tell = "create table t (n integer); insert into t values (1), (2);";
        project.does(&["sqlite3", "data.db", tell]);
        let ask = "pragma journal_mode = wal; insert into t values (3); select sum(n) from t;";
        assert_eq!(project.does(&["sqlite3", "data.db", ask]), "wal\n6\n");
    });
}

#[test]
fn a_shell_joins_a_pipeline() {
    with_a_project(|project| {
        let line = "printf 'b\\na\\nb\\n' | sort | uniq -c | sed 's/^ *//' > out && cat out";
        assert_eq!(project.does(&["sh", "-c", line]), "1 a\n2 b\n");
    });
}
