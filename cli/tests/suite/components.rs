//! Small components as text.

/// A command of WASI 0.2 whose `run` is `body`, which leaves 0 for success or 1 for failure.
pub fn p2(body: &str) -> String {
    format!(
        r#"(component
            (core module $m (func (export "run") (result i32) {body}))
            (core instance $i (instantiate $m))
            (func $run (result (result)) (canon lift (core func $i "run")))
            (instance $exported (export "run" (func $run)))
            (export "wasi:cli/run@0.2.0" (instance $exported))
        )"#
    )
}

/// A command of both generations: its `run` of 0.3 succeeds, and that of 0.2 fails.
pub fn both() -> String {
    r#"(component
        (core module $m
            (func (export "fails") (result i32) i32.const 1)
            (func (export "succeeds") (result i32) i32.const 0))
        (core instance $i (instantiate $m))
        (func $fails (result (result)) (canon lift (core func $i "fails")))
        (func $succeeds async (result (result)) (canon lift (core func $i "succeeds")))
        (instance $p2 (export "run" (func $fails)))
        (instance $p3 (export "run" (func $succeeds)))
        (export "wasi:cli/run@0.2.3" (instance $p2))
        (export "wasi:cli/run@0.3.0" (instance $p3))
    )"#
    .to_owned()
}

/// A command of 0.2 that imports an empty instance of each name.
pub fn importing(names: &[&str]) -> String {
    let imports: String = names
        .iter()
        .map(|name| format!("(import \"{name}\" (instance))"))
        .collect();
    p2("i32.const 0").replacen("(component", &format!("(component {imports}"), 1)
}

/// A component that exports an empty instance.
pub fn exporting(name: &str) -> String {
    format!(r#"(component (instance $empty) (export "{name}" (instance $empty)))"#)
}
