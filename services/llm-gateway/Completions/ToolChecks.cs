using System.Text.RegularExpressions;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Mainstay.Llm.V1;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ServiceDefaults.Schemas;

namespace Mainstay.LlmGateway.Completions;

/// <summary>Checks the tools that a model is offered.</summary>
internal static partial class ToolChecks
{
    private const int LongestDescription = 16 * 1024;
    private const int LargestSchema = 256 * 1024;

    public static IEnumerable<(string Field, string Description)> Violations(RepeatedField<ToolDefinition> tools)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, tool) in tools.Index())
        {
            var path = $"input.tools[{index}]";
            if (!ToolName().IsMatch(tool.ToolName))
            {
                yield return ($"{path}.tool_name", "must be 1 to 64 characters of [a-zA-Z0-9_-]");
            }
            else if (!names.Add(tool.ToolName))
            {
                yield return ($"{path}.tool_name", $"is '{tool.ToolName}', which another tool has already");
            }

            if (tool.Description.Length > LongestDescription)
            {
                yield return ($"{path}.description", $"must be at most {LongestDescription} characters, not {tool.Description.Length}");
            }

            foreach (var violation in SchemaViolations(tool.InputSchema, $"{path}.input_schema"))
            {
                yield return violation;
            }
        }
    }

    /// <summary>Whether a value can be written as JSON.</summary>
    public static bool IsJson(Struct? value)
    {
        try
        {
            value?.ToJsonObject();
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static IEnumerable<(string Field, string Description)> SchemaViolations(Struct? schema, string path)
    {
        if (schema is null)
        {
            return [];
        }

        if (!IsJson(schema))
        {
            return [(path, "must hold finite numbers only")];
        }

        return schema.CalculateSize() > LargestSchema
            ? [(path, $"must be at most {LargestSchema} bytes")]
            : JsonSchemaValidator.CheckSchema(schema.ToJsonObject())
                .Select(violation => (path, $"is no JSON Schema: {(violation.InstancePath.Length == 0 ? "it" : violation.InstancePath)} {violation.Message}"));
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z")]
    private static partial Regex ToolName();
}
