//! The contract in `wit/`, as a flat list of items that can be compared.
//!
//! - [`Texts`] is what stands in the files, which a test may change in memory.
//! - [`Contract`] is what it says.
//! - [`generations`] compares 0.2 with 0.3.
//! - [`documentation`] looks at one generation alone.

pub mod documentation;
pub mod generations;
mod shape;
mod texts;

use std::collections::BTreeMap;

use wit_parser::{Docs, Interface, Resolve, Stability, TypeDef, TypeDefKind, WorldItem};

use shape::Shapes;
pub use texts::Texts;

/// One generation of `offspring:process`.
pub struct Contract {
    /// The version of the package.
    pub version: String,
    /// Each item by its path, such as `process/child.stdin`.
    pub items: BTreeMap<String, Item>,
}

/// A named thing in the contract.
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// Its type in WIT's own words, without versions: of a function the
    /// signature, of a variant the cases in their order.
    pub shape: String,
    /// Its documentation, a line a paragraph.
    pub docs: String,
    /// The version that `@since` names.
    pub since: Option<String>,
}

/// What an [`Item`] is, as far as the rules differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A world, an interface or a type, which has both docs and `@since`.
    Definition,
    /// A function, a method or a constructor.
    Function,
    /// A field or a case, for which WIT has no `@since`.
    Part,
    /// A `use` or an `import`, which is documented where it is defined.
    Mention,
}

impl Contract {
    /// Parses and validates the texts of one generation.
    pub fn parse(texts: &Texts) -> anyhow::Result<Self> {
        let (resolve, package) = texts.resolve()?;
        let package = &resolve.packages[package];
        let version = package.name.version.as_ref().map(ToString::to_string);
        let mut contract = Self {
            version: version.unwrap_or_default(),
            items: BTreeMap::new(),
        };
        for (name, id) in &package.interfaces {
            contract.interface(&resolve, name, &resolve.interfaces[*id]);
        }
        for (name, id) in &package.worlds {
            let world = &resolve.worlds[*id];
            let path = format!("world {name}");
            contract.add(
                &path,
                Kind::Definition,
                "world".to_owned(),
                &world.docs,
                &world.stability,
            );
            for (key, item) in &world.imports {
                if let WorldItem::Interface {
                    id,
                    stability,
                    docs,
                    ..
                } = item
                {
                    // What the package's own interfaces use is imported without being named.
                    if resolve.interfaces[*id].package == world.package {
                        let path = format!("{path} import {}", resolve.name_world_key(key));
                        let path = path.replace(&format!("@{}", contract.version), "");
                        contract.add(&path, Kind::Mention, String::new(), docs, stability);
                    }
                }
            }
        }
        Ok(contract)
    }

    fn interface(&mut self, resolve: &Resolve, name: &str, interface: &Interface) {
        self.add(
            name,
            Kind::Definition,
            "interface".to_owned(),
            &interface.docs,
            &interface.stability,
        );
        let shapes = Shapes { resolve };
        for (type_name, id) in &interface.types {
            let path = format!("{name}/{type_name}");
            let ty = &resolve.types[*id];
            let kind = if shapes.used_from(ty).is_some() {
                Kind::Mention
            } else {
                Kind::Definition
            };
            self.add(&path, kind, shapes.definition(ty), &ty.docs, &ty.stability);
            self.parts(&shapes, &path, ty);
        }
        for function in interface.functions.values() {
            let path = format!("{name}/{}", shapes.function_name(function));
            let shape = shapes.signature(function);
            self.add(
                &path,
                Kind::Function,
                shape,
                &function.docs,
                &function.stability,
            );
        }
    }

    fn parts(&mut self, shapes: &Shapes<'_>, path: &str, ty: &TypeDef) {
        let mut add = |name: &str, shape: String, docs: &Docs| {
            self.add(
                &format!("{path}.{name}"),
                Kind::Part,
                shape,
                docs,
                &Stability::Unknown,
            );
        };
        match &ty.kind {
            TypeDefKind::Record(record) => {
                record
                    .fields
                    .iter()
                    .for_each(|f| add(&f.name, shapes.name(&f.ty), &f.docs));
            }
            TypeDefKind::Variant(variant) => {
                let payload =
                    |ty: &Option<_>| ty.as_ref().map(|ty| shapes.name(ty)).unwrap_or_default();
                variant
                    .cases
                    .iter()
                    .for_each(|c| add(&c.name, payload(&c.ty), &c.docs));
            }
            TypeDefKind::Enum(cases) => {
                cases
                    .cases
                    .iter()
                    .for_each(|c| add(&c.name, String::new(), &c.docs));
            }
            TypeDefKind::Flags(flags) => {
                flags
                    .flags
                    .iter()
                    .for_each(|f| add(&f.name, String::new(), &f.docs));
            }
            _ => {}
        }
    }

    fn add(&mut self, path: &str, kind: Kind, shape: String, docs: &Docs, stability: &Stability) {
        let since = match stability {
            Stability::Stable { since, .. } => Some(since.to_string()),
            Stability::Unstable { .. } | Stability::Unknown => None,
        };
        let docs = one_line_per_paragraph(docs.contents.as_deref().unwrap_or_default());
        self.items.insert(
            path.to_owned(),
            Item {
                kind,
                shape,
                docs,
                since,
            },
        );
    }
}

/// Undoes line breaks, since a longer word in one generation moves them all.
fn one_line_per_paragraph(docs: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut continues = false;
    for line in docs.lines().map(str::trim) {
        let starts = line.is_empty() || line.starts_with("- ") || line.starts_with('#');
        match lines.last_mut() {
            Some(last) if continues && !starts => *last = format!("{last} {line}"),
            _ if line.is_empty() => {}
            _ => lines.push(line.to_owned()),
        }
        continues = !line.is_empty() && !line.starts_with('#');
    }
    lines.join("\n")
}
