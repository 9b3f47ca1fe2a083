//! The engine, and the cache of what it has compiled.

use crate::args::RunArgs;
use std::env;
use std::path::PathBuf;
use wasmtime::{Cache, CacheConfig, Config, Engine};

/// Where compiled components are kept.
#[derive(Clone, Debug)]
pub(crate) enum CacheChoice {
    /// In the user's own cache directory.
    User,
    /// In this directory.
    Directory(PathBuf),
    /// Nowhere.
    Nowhere,
}

impl CacheChoice {
    pub(crate) fn of(args: &RunArgs) -> Self {
        match &args.cache_dir {
            _ if args.no_cache => Self::Nowhere,
            Some(directory) => Self::Directory(directory.clone()),
            None => Self::User,
        }
    }

    /// The cache, or none where its directory cannot be made: a slow start is better than none.
    fn open(&self) -> Option<Cache> {
        let directory = match self {
            Self::User => user_directory()?,
            Self::Directory(directory) => std::path::absolute(directory).ok()?,
            Self::Nowhere => return None,
        };
        let mut config = CacheConfig::new();
        config.with_directory(directory);
        Cache::new(config).ok()
    }
}

/// An engine for one run.
pub(crate) fn engine(fuel: bool, cache: &CacheChoice) -> wasmtime::Result<Engine> {
    let mut config = config();
    config.consume_fuel(fuel);
    config.cache(cache.open());
    Engine::new(&config)
}

/// What every guest needs: asynchronous functions for 0.3, and epochs, by which a guest that
/// never waits can be interrupted.
pub(crate) fn config() -> Config {
    let mut config = Config::new();
    config.wasm_component_model_async(true);
    config.epoch_interruption(true);
    config
}

/// The user's own cache directory, by the rules of the XDG Base Directory Specification.
fn user_directory() -> Option<PathBuf> {
    let absolute = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let caches = absolute("XDG_CACHE_HOME")
        .or_else(|| Some(absolute("HOME")?.join(".cache")))
        .or_else(|| absolute("LOCALAPPDATA"))?;
    Some(caches.join("offspring"))
}
