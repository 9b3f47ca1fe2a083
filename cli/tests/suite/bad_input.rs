//! Files that cannot be run: each refusal names the file and what to do, and nothing runs.

use crate::components::{exporting, importing, p2};
use crate::offspring::Offspring;

#[test]
fn a_missing_file_is_refused() {
    let done = Offspring::new().run(&["run", "a.wasm"]);
    done.ends(125, &["a.wasm cannot be read: No such file"]);
}

#[test]
fn an_empty_file_is_refused() {
    Offspring::new()
        .file("a.wasm", "")
        .run(&["run", "a.wasm"])
        .ends(125, &["a.wasm is empty"]);
}

#[test]
fn a_core_module_is_refused_with_the_way_to_a_component() {
    let offspring = Offspring::new().wat("a.wasm", "(module)");
    let advice = [
        "a.wasm is a core module",
        "wasm32-wasip2",
        "wasm-tools component new a.wasm",
    ];
    offspring.run(&["run", "a.wasm"]).ends(125, &advice);
}

#[test]
fn text_is_refused() {
    let offspring = Offspring::new()
        .file("a.wat", "(component)")
        .file("a.toml", "a = 1\n");
    offspring
        .run(&["run", "a.wat"])
        .ends(125, &["a.wat is not", "text format", "wasm-tools parse"]);
    offspring
        .run(&["run", "a.toml"])
        .ends(125, &["a.toml is not", "it is text"]);
}

#[test]
fn something_else_is_refused() {
    let offspring = Offspring::new()
        .file("a", b"\x7fELF\x02")
        .file("b", b"\xff\xd8\xff");
    offspring
        .run(&["run", "a"])
        .ends(125, &["a is not", "native program"]);
    offspring
        .run(&["run", "b"])
        .ends(125, &["b is not", "does not begin as WebAssembly"]);
}

#[test]
fn a_component_that_is_cut_anywhere_is_refused() {
    let whole = wat::parse_str(p2("i32.const 0")).unwrap();
    for length in [1, 4, 7, 8, 12, whole.len() / 2, whole.len() - 1] {
        let offspring = Offspring::new().file("a.wasm", &whole[..length]);
        let done = offspring.run(&["run", "a.wasm"]);
        done.ends(125, &["offspring: error: a.wasm"]);
        assert_eq!(done.stderr.lines().count(), 1, "at {length}: {done:#?}");
    }
}

#[test]
fn damage_inside_is_told_in_the_words_of_wasmtime() {
    let mut bytes = wat::parse_str(p2("i32.const 0")).unwrap();
    // The type of the module's function: i32 becomes nothing that there is.
    let at = bytes
        .windows(4)
        .position(|four| four == [0x60, 0, 1, 0x7f])
        .unwrap();
    bytes[at + 3] = 0x3f;
    let offspring = Offspring::new().file("a.wasm", bytes);
    offspring
        .run(&["run", "a.wasm"])
        .ends(125, &["a.wasm is not a valid component", "offset"]);
}

#[test]
fn a_component_without_run_is_refused_and_its_exports_are_named() {
    let offspring = Offspring::new()
        .wat("none.wasm", "(component)")
        .wat("library.wasm", &exporting("acme:db/store@1.0.0"))
        .wat(
            "service.wasm",
            &exporting("wasi:http/incoming-handler@0.2.3"),
        );
    offspring
        .run(&["run", "none.wasm"])
        .ends(125, &["none.wasm", "exports nothing", "wasi:cli/run"]);
    offspring
        .run(&["run", "library.wasm"])
        .ends(125, &["acme:db/store@1.0.0", "wasi:cli/run"]);
    offspring
        .run(&["run", "service.wasm"])
        .ends(125, &["service.wasm", "HTTP service"]);
}

#[test]
fn a_wasi_version_that_this_host_lacks_is_refused() {
    let offspring = Offspring::new()
        .wat("old.wasm", &exporting("wasi:cli/run@0.1.0"))
        .wat("draft.wasm", &exporting("wasi:cli/run@0.3.0-rc-2025-09-16"))
        .wat("import.wasm", &importing(&["wasi:cli/environment@0.4.0"]));
    offspring
        .run(&["run", "old.wasm"])
        .ends(125, &["of 0.1.0", "runs 0.2 and 0.3.0"]);
    offspring
        .run(&["run", "draft.wasm"])
        .ends(125, &["of 0.3.0-rc-2025-09-16"]);
    let expected = ["wasi:cli/environment@0.4.0: this host has 0.2 and 0.3 of it"];
    offspring.run(&["run", "import.wasm"]).ends(125, &expected);
}

#[test]
fn all_unknown_imports_are_listed_with_the_nearest_that_are_known() {
    let text = importing(&[
        "wasi:http/types@0.2.3",
        "offspring:process/proces@0.3.0",
        "a:b/c@1.0.0",
    ]);
    let offspring = Offspring::new().wat("a.wasm", &text);
    let expected = [
        "a.wasm imports what this host does not have:",
        "\n  wasi:http/types@0.2.3: this host has no wasi:http",
        "\n  offspring:process/proces@0.3.0: this host has none; the nearest is offspring:process/process",
        "\n  a:b/c@1.0.0: this host has nothing like it",
    ];
    offspring.run(&["run", "a.wasm"]).ends(125, &expected);
}

#[test]
fn a_function_that_a_known_interface_lacks_is_told_in_the_words_of_wasmtime() {
    let import =
        r#"(component (import "wasi:cli/environment@0.2.0" (instance (export "no-such" (func))))"#;
    let text = p2("i32.const 0").replacen("(component", import, 1);
    let offspring = Offspring::new().wat("a.wasm", &text);
    offspring
        .run(&["run", "a.wasm"])
        .ends(125, &["a.wasm and this host disagree", "no-such"]);
}

#[test]
fn a_directory_that_is_not_there_is_refused() {
    let offspring = Offspring::new().wat("a.wasm", &p2("i32.const 0"));
    offspring
        .run(&["run", "--dir", "gone::/data", "a.wasm"])
        .ends(125, &["gone", "cannot be given"]);
}

#[test]
fn wrong_arguments_of_the_command_are_told_apart() {
    let offspring = Offspring::new();
    offspring.run(&["run"]).ends(2, &["COMPONENT"]);
    offspring
        .run(&["run", "--timeout", "soon", "a.wasm"])
        .ends(2, &["`soon` is not a time"]);
    offspring
        .run(&["run", "-W", "threads=y", "a.wasm"])
        .ends(2, &["timeout=TIME and fuel=N"]);
    offspring
        .run(&["run", "--allow", "/bin/sh", "a.wasm"])
        .ends(2, &["--allow NAME=/bin/sh"]);
    for (option, value) in [
        ("--confinement", "none"),
        ("--fallback", "landlock"),
        ("--network", "host"),
        ("--tmp", "1MiB"),
    ] {
        let done = offspring.run(&["run", option, value, "a.wasm"]);
        done.ends(2, &["--allow <NAME[=FILE]>", "Usage: offspring run"]);
    }
    let run = |value| offspring.run(&["run", "--allow", "sh", "--confinement", value, "a.wasm"]);
    run("full").ends(2, &["namespace, landlock, none"]);
}
