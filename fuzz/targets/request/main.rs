//! What a guest asks for: an enemy's, so that whatever it is, the policy holds.

#![no_main]

mod generate;
mod oracle;
mod plan;
mod rules;
mod world;

use arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use offspring_policy::DenialCode;
use std::sync::LazyLock;
use world::World;

static WORLDS: LazyLock<Vec<World>> = LazyLock::new(World::all);

fuzz_target!(|data: &[u8]| {
    let mut input = Unstructured::new(data);
    let Ok(world) = input.choose(&WORLDS) else {
        return;
    };
    let Ok(request) = generate::request(&mut input, world) else {
        return;
    };
    let faults = oracle::faults(&request, world);
    match world.policy.authorize(&request) {
        Ok(plan) => {
            assert_eq!(faults, [], "{request:?} was allowed");
            plan::check(&plan, &request, world);
        }
        Err(denial) => {
            let code = denial.code();
            assert!(faults.contains(&code), "{code:?} is none of {faults:?}");
            assert_eq!(code, denial.reason().code());
            assert!(!denial.to_string().is_empty());
            // Only what came to a rule can be refused by it.
            if let Some((name, place)) = denial.rule() {
                assert!(!name.is_empty() && !place.to_string().is_empty());
                assert_ne!(
                    code,
                    DenialCode::AccessDenied(offspring_policy::Part::Program)
                );
            }
            assert_eq!(world.policy.authorize(&request).err(), Some(denial));
        }
    }
    // Explaining compares each argument with each shape again, and prints it.
    if data.len().is_multiple_of(8) {
        let explanation = world.policy.explain(&request);
        assert_eq!(explanation.outcome.is_ok(), faults.is_empty());
        assert!(!explanation.to_string().is_empty());
    }
});
