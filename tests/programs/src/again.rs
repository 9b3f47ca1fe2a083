//! An export `again` beside the program itself, for guests that are called more than once.

/// For guests of 0.2.
#[expect(missing_docs, reason = "wit-bindgen makes it")]
pub mod wit2 {
    wit_bindgen::generate!({
        inline: "
            package offspring:again;

            world called-again {
                export again: func();
            }
        ",
        pub_export_macro: true,
        default_bindings_module: "offspring_test_programs::again::wit2",
        export_macro_name: "export_again",
    });
}

/// For guests of 0.3.
#[expect(missing_docs, reason = "wit-bindgen makes it")]
pub mod wit3 {
    wit_bindgen::generate!({
        inline: "
            package offspring:again;

            world called-again-asynchronously {
                export again: async func();
            }
        ",
        pub_export_macro: true,
        default_bindings_module: "offspring_test_programs::again::wit3",
        export_macro_name: "export_async_again",
    });
}
