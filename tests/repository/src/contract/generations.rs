//! Holds the two generations in step.
//!
//! Whatever 0.3 says, 0.2 says too, word by word, but for what the tables of
//! [`Step::of_this_contract`] list. An entry that nothing needs is an error as
//! well, so the tables cannot go stale.

mod table;

use std::collections::BTreeSet;

use super::{Contract, Item};
pub use table::Step;

/// The entries of the tables that something needed.
type Used<'a> = BTreeSet<(&'a str, &'a str)>;

impl Step {
    /// Everything in which `old`, which is 0.2, and `new`, which is 0.3, are
    /// out of step. Empty is good.
    pub fn differences(&self, old: &Contract, new: &Contract) -> Vec<String> {
        let mut found = Vec::new();
        let mut used = Used::new();
        for (path, item) in &new.items {
            match old.items.get(path) {
                Some(twin) => self.compare(path, item, twin, &mut used, &mut found),
                None => found.push(format!("{path}: only 0.3 has it")),
            }
        }
        for path in old
            .items
            .keys()
            .filter(|path| !new.items.contains_key(*path))
        {
            if !self.is_exception(path, &mut used) {
                found.push(format!(
                    "{path}: only 0.2 has it, and it is no written exception"
                ));
            }
        }
        self.futures(old, &mut found);
        found.extend(self.unused(&used));
        found
    }

    fn compare<'a>(
        &'a self,
        path: &str,
        new: &Item,
        old: &Item,
        used: &mut Used<'a>,
        found: &mut Vec<String>,
    ) {
        let shape = self.shape_in_old(&new.shape, used);
        if shape != old.shape {
            found.push(format!(
                "{path}: 0.3 stands for `{shape}`, and 0.2 has `{}`",
                old.shape
            ));
        }
        let docs = self.docs_in_old(path, &new.docs, used);
        if docs != old.docs {
            found.push(format!(
                "{path}: 0.3 reads\n{docs}\nand 0.2 reads\n{}",
                old.docs
            ));
        }
    }

    fn shape_in_old<'a>(&'a self, shape: &str, used: &mut Used<'a>) -> String {
        let mut shape = shape.to_owned();
        for (new, old) in self.shapes {
            if shape.contains(new) {
                used.insert(("shape", new));
                shape = shape.replace(new, old);
            }
        }
        shape
    }

    fn docs_in_old<'a>(&'a self, path: &str, docs: &str, used: &mut Used<'a>) -> String {
        let mut docs = docs.to_owned();
        for (item, new, old) in self.docs.iter().filter(|(item, ..)| *item == path) {
            if docs.contains(new) {
                used.insert((item, new));
                docs = docs.replacen(new, old, 1);
            }
        }
        docs
    }

    fn is_exception<'a>(&'a self, path: &str, used: &mut Used<'a>) -> bool {
        let exception = self.only_in_old.iter().find(|(item, _)| *item == path);
        used.extend(exception.map(|(item, _)| (*item, "only in 0.2")));
        exception.is_some()
    }

    /// A resource that stands for a future has the two methods of a future.
    fn futures(&self, old: &Contract, found: &mut Vec<String>) {
        for (new, resource) in self
            .shapes
            .iter()
            .filter(|(_, old)| old.starts_with("future-"))
        {
            let value = new
                .strip_prefix("future<")
                .and_then(|rest| rest.strip_suffix('>'));
            let get = format!("func() -> option<{}>", value.unwrap_or("?"));
            for (method, wanted) in [("subscribe", "func() -> pollable"), ("get", &get)] {
                let path = format!("process/{resource}.{method}");
                let shape = old.items.get(&path).map_or("nothing", |item| &item.shape);
                if shape != wanted {
                    found.push(format!(
                        "{path}: is `{shape}`, and a future needs `{wanted}`"
                    ));
                }
            }
        }
    }

    fn unused(&self, used: &Used<'_>) -> Vec<String> {
        let shapes = self.shapes.iter().map(|(new, _)| ("shape", *new));
        let docs = self.docs.iter().map(|(item, new, _)| (*item, *new));
        let only = self
            .only_in_old
            .iter()
            .map(|(item, _)| (*item, "only in 0.2"));
        let entries = shapes.chain(docs).chain(only);
        let unused = entries.filter(|entry| !used.contains(entry));
        unused
            .map(|entry| format!("the table says {entry:?}, and nothing needs it"))
            .collect()
    }
}
