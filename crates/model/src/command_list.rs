//! What is made of the list of commands: a struct each, their names and reaches, their schemas, and `for_each_command!`.

/// Makes everything from the list.
macro_rules! commands {
    ($($(#[$doc:meta])* $type:ident = $name:ident: $reach:ident $(($why:ident))? -> $output:ty { $($(#[$field_doc:meta])* $field:ident: $field_type:ty),* $(,)? })+) => {
        $(
            $(#[$doc])*
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $type {
                $($(#[$field_doc])* pub $field: $field_type,)*
            }

            impl Command for $type {
                const NAME: &'static str = stringify!($name);
                const REACH: Reach = reach!($reach $(($why))?);
                type Output = $output;
            }
        )+

        /// The names of all commands, in the order of this file.
        pub const COMMAND_NAMES: &[&str] = &[$(stringify!($name)),+];

        /// How far each command reaches, in the order of this file.
        pub const COMMAND_REACHES: &[(&str, Reach)] = &[$((stringify!($name), reach!($reach $(($why))?))),+];

        /// The schemas of every command that programs may give over a network, in the order of this file.
        #[cfg(feature = "schema")]
        pub(crate) fn open_command_schemas(
            asked: &mut schemars::SchemaGenerator,
            answered: &mut schemars::SchemaGenerator,
        ) -> Vec<schema::CommandSchema> {
            let mut schemas = Vec::new();
            $(if !matches!($type::REACH, Reach::Closed(_)) {
                schemas.push(schema::CommandSchema {
                    name: $type::NAME,
                    reach: $type::REACH,
                    input: asked.subschema_for::<$type>().to_value(),
                    output: answered.subschema_for::<$output>().to_value(),
                });
            })+
            schemas
        }

        /// Calls `$then!` with every `(Type, name)`, so that a face makes its handlers from the one list.
        #[macro_export]
        macro_rules! for_each_command {
            ($then:ident) => { $then! { $(($type, $name))+ } };
        }
    };
}
pub(crate) use commands;
