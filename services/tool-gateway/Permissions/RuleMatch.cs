using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>
/// Tells whether a rule is about a call. A denial holds when any way to read an argument matches, a grant only when the way in which
/// a server would read it does; of a list, any element makes a denial hold and every element must fit a grant.
/// </summary>
internal static class RuleMatch
{
    public static bool Names(PermissionRule rule, string tool) => rule.Tools.Any(pattern => Wildcard.Matches(pattern, tool));

    public static bool Matches(PermissionRule rule, string tool, JsonObject arguments) =>
        Names(rule, tool) && rule.Arguments.All(condition => Holds(rule, condition, arguments));

    /// <summary>Whether one condition of a rule holds; for an argument that is not given none does.</summary>
    public static bool Holds(PermissionRule rule, ArgumentCondition condition, JsonObject arguments)
    {
        if (!arguments.TryGetPropertyValue(condition.Argument, out var value) || value is null)
        {
            return false;
        }

        var texts = value is JsonArray list ? [.. list.Select(Text)] : new[] { Text(value) };
        return rule.Effect == PermissionEffect.Deny
            ? texts.Any(text => ArgumentForms.All(text).Any(form => Wildcard.Matches(condition.Pattern, form)))
            : texts.Length > 0 && texts.All(text => Wildcard.Matches(condition.Pattern, ArgumentForms.Resolved(text)));
    }

    private static string Text(JsonNode? value) => value is JsonValue && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value?.ToJsonString() ?? "null";
}
