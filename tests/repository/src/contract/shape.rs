//! Types in WIT's own words, without the versions that differ by design.

use wit_parser::{
    Function, FunctionKind, Handle, Resolve, Type, TypeDef, TypeDefKind, TypeId, TypeOwner,
};

pub(super) struct Shapes<'a> {
    pub(super) resolve: &'a Resolve,
}

impl Shapes<'_> {
    /// A type where it is mentioned.
    pub(super) fn name(&self, ty: &Type) -> String {
        match ty {
            Type::Bool => "bool".to_owned(),
            Type::Id(id) => self.named(*id),
            Type::ErrorContext => "error-context".to_owned(),
            Type::U8 | Type::U16 | Type::U32 | Type::U64 => format!("{ty:?}").to_lowercase(),
            Type::S8 | Type::S16 | Type::S32 | Type::S64 => format!("{ty:?}").to_lowercase(),
            Type::F32 | Type::F64 | Type::Char | Type::String => format!("{ty:?}").to_lowercase(),
        }
    }

    fn named(&self, id: TypeId) -> String {
        let ty = &self.resolve.types[id];
        match &ty.name {
            Some(name) => name.clone(),
            None => self.structure(&ty.kind),
        }
    }

    fn structure(&self, kind: &TypeDefKind) -> String {
        let optional = |ty: &Option<Type>| ty.as_ref().map_or("_".to_owned(), |ty| self.name(ty));
        let list = |names: Vec<&str>| names.join(", ");
        match kind {
            TypeDefKind::Record(r) => {
                format!(
                    "record {{ {} }}",
                    list(r.fields.iter().map(|f| f.name.as_str()).collect())
                )
            }
            TypeDefKind::Variant(v) => {
                format!(
                    "variant {{ {} }}",
                    list(v.cases.iter().map(|c| c.name.as_str()).collect())
                )
            }
            TypeDefKind::Enum(e) => {
                format!(
                    "enum {{ {} }}",
                    list(e.cases.iter().map(|c| c.name.as_str()).collect())
                )
            }
            TypeDefKind::Flags(f) => {
                format!(
                    "flags {{ {} }}",
                    list(f.flags.iter().map(|f| f.name.as_str()).collect())
                )
            }
            TypeDefKind::Resource => "resource".to_owned(),
            TypeDefKind::Handle(Handle::Own(id)) => self.named(*id),
            TypeDefKind::Handle(Handle::Borrow(id)) => format!("borrow<{}>", self.named(*id)),
            TypeDefKind::Tuple(tuple) => {
                let types: Vec<_> = tuple.types.iter().map(|ty| self.name(ty)).collect();
                format!("tuple<{}>", types.join(", "))
            }
            TypeDefKind::Option(ty) => format!("option<{}>", self.name(ty)),
            TypeDefKind::Result(r) => format!("result<{}, {}>", optional(&r.ok), optional(&r.err)),
            TypeDefKind::List(ty) => format!("list<{}>", self.name(ty)),
            TypeDefKind::Map(key, value) => {
                format!("map<{}, {}>", self.name(key), self.name(value))
            }
            TypeDefKind::FixedLengthList(ty, length) => {
                format!("list<{}, {length}>", self.name(ty))
            }
            TypeDefKind::Future(ty) => format!("future<{}>", optional(ty)),
            TypeDefKind::Stream(ty) => format!("stream<{}>", optional(ty)),
            TypeDefKind::Type(ty) => self.name(ty),
            TypeDefKind::Unknown => unreachable!("a resolved package has no unknown types"),
        }
    }

    /// A type where it is defined.
    pub(super) fn definition(&self, ty: &TypeDef) -> String {
        match self.used_from(ty) {
            Some(place) => format!("use {place}"),
            None => self.structure(&ty.kind),
        }
    }

    /// The interface that a type was brought in from with `use`.
    pub(super) fn used_from(&self, ty: &TypeDef) -> Option<String> {
        let TypeDefKind::Type(Type::Id(target)) = ty.kind else {
            return None;
        };
        let owner = self.resolve.types[target].owner;
        let (TypeOwner::Interface(id), true) = (owner, owner != ty.owner) else {
            return None;
        };
        let interface = &self.resolve.interfaces[id];
        let package = &self.resolve.packages[interface.package?].name;
        let name = interface.name.as_deref()?;
        Some(format!("{}:{}/{name}", package.namespace, package.name))
    }

    /// `child.stdin` for what wit-parser calls `[method]child.stdin`.
    pub(super) fn function_name(&self, function: &Function) -> String {
        match function.kind {
            FunctionKind::Constructor(id) => format!("{}.constructor", self.named(id)),
            _ => function
                .name
                .rsplit(']')
                .next()
                .unwrap_or_default()
                .to_owned(),
        }
    }

    pub(super) fn signature(&self, function: &Function) -> String {
        let this = usize::from(matches!(
            function.kind,
            FunctionKind::Method(_) | FunctionKind::AsyncMethod(_)
        ));
        let parameters = function.params.iter().skip(this);
        let parameters: Vec<_> = parameters
            .map(|p| format!("{}: {}", p.name, self.name(&p.ty)))
            .collect();
        let result = function
            .result
            .as_ref()
            .map(|ty| format!(" -> {}", self.name(ty)));
        let marker = match function.kind {
            FunctionKind::Freestanding | FunctionKind::Method(_) => "",
            FunctionKind::Static(_) | FunctionKind::Constructor(_) => "static ",
            FunctionKind::AsyncFreestanding | FunctionKind::AsyncMethod(_) => "async ",
            FunctionKind::AsyncStatic(_) => "static async ",
        };
        format!(
            "{marker}func({}){}",
            parameters.join(", "),
            result.unwrap_or_default()
        )
    }
}
