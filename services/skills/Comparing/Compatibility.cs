using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Comparing;

/// <summary>
/// What new schemas break of what old ones promise. Whoever calls goes on with the variables of before, so that the new variables schema must take all
/// that the old one took; whoever reads knows the answers of before, so that the old output schema must take all that the new one gives.
/// </summary>
internal static class Compatibility
{
    public static IReadOnlyList<SchemaDifference> Differences(Struct? oldVariables, Struct? newVariables, Struct? oldOutput, Struct? newOutput)
    {
        var variables = new SchemaContainment(Node(oldVariables), Node(newVariables), "the old schema", "the new one").Find();
        var output = new SchemaContainment(Node(newOutput), Node(oldOutput), "the new schema", "the old one").Find();
        return [.. variables.Select(gap => Difference("variables_schema", gap)), .. output.Select(gap => Difference("output_schema", gap))];
    }

    public static IReadOnlyList<SchemaDifference> Differences(Skill old, Skill @new) =>
        Differences(old.VariablesSchema, @new.VariablesSchema, old.OutputSchema, @new.OutputSchema);

    private static JsonNode Node(Struct? schema) => schema?.ToJsonObject() ?? [];

    private static SchemaDifference Difference(string schema, Gap gap) => new() { Schema = schema, Path = gap.Path, Kind = gap.Kind, Message = gap.Message };
}
