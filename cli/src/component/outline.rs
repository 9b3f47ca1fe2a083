//! The imports and exports of a component.

use anyhow::{Result, bail};
use wasmparser::{Chunk, ComponentTypeRef, Parser, Payload};

/// The names that a component imports and exports.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    /// What the host is to give: interfaces and functions, and no types.
    pub imports: Vec<String>,
    /// What the component gives.
    pub exports: Vec<String>,
}

impl Outline {
    /// Reads the outline of a component, and passes over all that is nested in it.
    pub(crate) fn read(mut bytes: &[u8]) -> Result<Self> {
        let mut outline = Self::default();
        let mut parser = Parser::new(0);
        while let Chunk::Parsed { consumed, payload } = parser.parse(bytes, true)? {
            bytes = &bytes[consumed..];
            match payload {
                Payload::ComponentImportSection(section) => {
                    for import in section {
                        let import = import?;
                        if !matches!(import.ty, ComponentTypeRef::Type(_)) {
                            outline.imports.push(import.name.name.to_owned());
                        }
                    }
                }
                Payload::ComponentExportSection(section) => {
                    for export in section {
                        outline.exports.push(export?.name.name.to_owned());
                    }
                }
                Payload::ModuleSection {
                    unchecked_range, ..
                }
                | Payload::ComponentSection {
                    unchecked_range, ..
                } => {
                    let Some(rest) = bytes.get(unchecked_range.len()..) else {
                        let missing = unchecked_range.len() - bytes.len();
                        bail!("it ends {missing} bytes before a module inside of it does");
                    };
                    bytes = rest;
                }
                Payload::End(_) => break,
                _ => {}
            }
        }
        Ok(outline)
    }
}

#[cfg(test)]
mod tests {
    use super::Outline;

    fn read(text: &str) -> Outline {
        Outline::read(&wat::parse_str(text).unwrap()).unwrap()
    }

    #[test]
    fn every_cut_is_noticed_or_leaves_the_outline_as_it_is() {
        let text = r#"(component
            (import "a:b/c" (instance))
            (core module (memory 1) (data (i32.const 0) "nested"))
            (component (import "not-ours" (func)))
        )"#;
        let bytes = wat::parse_str(text).unwrap();
        let whole = Outline::read(&bytes).unwrap();
        assert_eq!(whole.imports, ["a:b/c"]);
        for end in 8..bytes.len() {
            if let Ok(outline) = Outline::read(&bytes[..end]) {
                assert!(whole.imports.starts_with(&outline.imports), "cut at {end}");
            }
        }
    }

    #[test]
    fn types_are_no_imports_that_a_host_must_give() {
        let outline = read(r#"(component (import "t" (type (sub resource))) (import "f" (func)))"#);
        assert_eq!(outline.imports, ["f"]);
    }
}
