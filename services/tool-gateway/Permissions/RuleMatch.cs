using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Tools.V1;

namespace Mainstay.ToolGateway.Permissions;

/// <summary>
/// Tells whether a rule is about a call. What restricts a call, a denial or the wish for an approval, holds when any way to read an argument
/// matches, and any element of a list; what grants one holds only when every way in which a server would read it does, of every element.
/// </summary>
internal static class RuleMatch
{
    public static bool Names(PermissionRule rule, string tool) => rule.Tools.Any(pattern => Wildcard.Matches(pattern, tool));

    /// <summary>Whether the rule holds against the call.</summary>
    public static bool Restricts(PermissionRule rule, string tool, JsonObject arguments) =>
        rule.Effect != PermissionEffect.Allow && Names(rule, tool) && rule.Arguments.All(condition =>
            Texts(arguments, condition.Argument).Any(text => ArgumentForms.All(text).Any(form => Wildcard.Matches(condition.Pattern, form))));

    /// <summary>Whether the rule lets the call through, at once or after an approval.</summary>
    public static bool Grants(PermissionRule rule, string tool, JsonObject arguments) =>
        rule.Effect != PermissionEffect.Deny && Names(rule, tool) && rule.Arguments.All(condition => Fits(condition, arguments));

    /// <summary>Whether an argument is there and all of it fits a condition.</summary>
    public static bool Fits(ArgumentCondition condition, JsonObject arguments) =>
        Texts(arguments, condition.Argument) is { Count: > 0 } texts
        && texts.All(text => ArgumentForms.AsUsed(text).All(form => Wildcard.Matches(condition.Pattern, form)));

    private static IReadOnlyList<string> Texts(JsonObject arguments, string argument) => arguments[argument] switch
    {
        null => [],
        JsonArray list => [.. list.Select(Text)],
        var value => [Text(value)],
    };

    private static string Text(JsonNode? value) =>
        value is JsonValue && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value?.ToJsonString() ?? "null";
}
