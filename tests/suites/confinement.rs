//! What confined children can and cannot do: the promises of the tiers, each tried.

mod confinement {
    mod golden;
    mod objects;
    mod stage;
    mod table;
}
