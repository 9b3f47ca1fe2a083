//! What confined children can and cannot do: the promises of the tiers, each tried.

mod confinement {
    mod escape;
    mod golden;
    mod killed;
    mod lacking;
    mod marker;
    mod neighbours;
    mod objects;
    mod stage;
    mod table;
    mod tools;
    mod trees;
}
