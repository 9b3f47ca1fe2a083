//! Environment variables that change what programs do.
//!
//! The list does not fence anything: `allow-env` is an allow-list, and what it does not name is
//! refused. It stops an operator from allowing one of these without noticing.

/// Names, in capitals.
const NAMES: &[&str] = &[
    // Where programs, libraries and configuration are found.
    "PATH",
    "HOME",
    "SHELL",
    "CDPATH",
    "TMPDIR",
    "KUBECONFIG",
    "NLSPATH",
    "LOCPATH",
    "TERMINFO",
    "TERMCAP",
    "HOSTALIASES",
    "LOCALDOMAIN",
    "RES_OPTIONS",
    "CLASSPATH",
    "NETRC",
    "ZDOTDIR",
    "INPUTRC",
    "GNUPGHOME",
    "MAGIC",
    "TERMINFO_DIRS",
    // The loader and the C library.
    "GCONV_PATH",
    "GLIBC_TUNABLES",
    "GETCONF_DIR",
    "LIBPATH",
    "SHLIB_PATH",
    // Shells.
    "BASH_ENV",
    "ENV",
    "IFS",
    "SHELLOPTS",
    "BASHOPTS",
    "PS1",
    "PS2",
    "PS4",
    "PROMPT_COMMAND",
    "GLOBIGNORE",
    "FPATH",
    // Programs that other programs start.
    "PAGER",
    "MANPAGER",
    "EDITOR",
    "VISUAL",
    "BROWSER",
    "LESSOPEN",
    "LESSCLOSE",
    "LESS",
    "LESSKEY",
    "FCEDIT",
    "SUDO_ASKPASS",
    "CVS_RSH",
    "RSYNC_RSH",
    "TAR_OPTIONS",
    "TAPE",
    "RSH",
    "XZ_OPT",
    "GZIP",
    "ZIPOPT",
    "UNZIP",
    "GREP_OPTIONS",
    "VIMINIT",
    "EXINIT",
    "MORE",
    "SYSTEMD_EDITOR",
    "AR",
    "AS",
    "CC",
    "CXX",
    "CPP",
    "FC",
    "LD",
    "MAKE",
    "MAKEFLAGS",
    "MFLAGS",
    "GNUMAKEFLAGS",
    "MAKEFILES",
    "CFLAGS",
    "CXXFLAGS",
    "CPPFLAGS",
    "LDFLAGS",
    "COMPILER_PATH",
    "LIBRARY_PATH",
    "CPATH",
    "C_INCLUDE_PATH",
    "CPLUS_INCLUDE_PATH",
    "DEPENDENCIES_OUTPUT",
    // Languages.
    "NODE_OPTIONS",
    "NODE_PATH",
    "NODE_EXTRA_CA_CERTS",
    "DENO_DIR",
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "JAVA_OPTS",
    "JAVA_HOME",
    "MAVEN_OPTS",
    "MAVEN_ARGS",
    "GRADLE_OPTS",
    "SBT_OPTS",
    "PERLLIB",
    "GEM_HOME",
    "GEM_PATH",
    "TCLLIBPATH",
    "PHPRC",
    "PHP_INI_SCAN_DIR",
    "AWKPATH",
    "AWKLIBPATH",
    "EMACSLOADPATH",
    "R_PROFILE",
    "R_PROFILE_USER",
    "R_ENVIRON",
    "R_ENVIRON_USER",
    "R_LIBS",
    "GOFLAGS",
    "GOROOT",
    "GOPATH",
    "GOENV",
    "GOTOOLDIR",
    "RUSTC",
    "RUSTFLAGS",
    "RUSTDOCFLAGS",
    // Trust and secrets.
    "SSLKEYLOGFILE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "CURL_HOME",
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "KRB5_CONFIG",
    "KRB5CCNAME",
];

/// Beginnings of names, in capitals.
const PREFIXES: &[&str] = &[
    "LD_",
    "DYLD_",
    "_RLD",
    "MALLOC_",
    "ASAN_",
    "BASH_FUNC_",
    "PYTHON",
    "PERL5",
    "RUBY",
    "LUA_",
    "GIT_",
    "SSH_",
    "GPG_",
    "HG",
    "SVN_",
    "SUDO_",
    "RSYNC_",
    "DOCKER_",
    "CARGO_",
    "RUSTC_",
    "RUSTUP_",
    "NPM_",
    "YARN_",
    "PIP_",
    "UV_",
    "BUNDLE_",
    "COMPOSER_",
    "DOTNET_",
    "CORECLR_",
    "COMPLUS_",
    "OPENSSL_",
    "XDG_",
    "GCC_",
    "LIBGL_",
    "QT_",
    "GTK_",
    "GST_",
    "PKG_CONFIG",
];

/// Ends of names, in capitals: programs that other programs start, options, and proxies, which
/// see and change what a program fetches.
const SUFFIXES: &[&str] = &[
    "_PAGER", "_EDITOR", "_ASKPASS", "_PRELOAD", "_WRAPPER", "_OPTS", "_OPTIONS", "_PROXY", "_RC",
];

/// Whether a guest that sets `key` could change what a program does, beyond its purpose.
pub(crate) fn is_dangerous(key: &str) -> bool {
    let key = key.to_ascii_uppercase();
    NAMES.contains(&key.as_str())
        || PREFIXES.iter().any(|prefix| key.starts_with(prefix))
        || SUFFIXES.iter().any(|suffix| key.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_known_to_run_other_programs_is_dangerous() {
        let known = [
            "LD_PRELOAD",
            "LD_AUDIT",
            "DYLD_INSERT_LIBRARIES",
            "GLIBC_TUNABLES",
            "GCONV_PATH",
            "BASH_ENV",
            "ENV",
            "IFS",
            "PATH",
            "PYTHONPATH",
            "PYTHONSTARTUP",
            "PERL5OPT",
            "PERL5LIB",
            "RUBYOPT",
            "NODE_OPTIONS",
            "JAVA_TOOL_OPTIONS",
            "_JAVA_OPTIONS",
            "GIT_SSH_COMMAND",
            "GIT_CONFIG_COUNT",
            "SSH_ASKPASS",
            "PAGER",
            "EDITOR",
            "VISUAL",
            "SHELLOPTS",
            "BASHOPTS",
            "PS4",
            "PROMPT_COMMAND",
            "HOME",
            "BASH_FUNC_ls%%",
            "npm_config_script_shell",
            "KUBE_EDITOR",
            "https_proxy",
        ];
        for key in known {
            assert!(is_dangerous(key), "{key}");
        }
    }

    #[test]
    fn variables_that_only_shape_output_are_not_dangerous() {
        for key in [
            "LANG",
            "LC_ALL",
            "TZ",
            "TERM",
            "COLUMNS",
            "NO_COLOR",
            "MY_SETTING",
        ] {
            assert!(!is_dangerous(key), "{key}");
        }
    }
}
