using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace Mainstay.Audit.Sinks.Shaping;

/// <summary>Which events a sink gets: those that fit every given field of <c>include</c> and are not hit by any of <c>exclude</c>.</summary>
internal sealed class EventFilter(IReadOnlyDictionary<string, IReadOnlyList<string>> include, IReadOnlyDictionary<string, IReadOnlyList<string>> exclude)
{
    /// <summary>The fields that a filter may name; a pattern may hold <c>*</c> and <c>?</c>.</summary>
    public static IReadOnlyList<string> FieldNames { get; } =
        ["service", "action", "result", "workflow_id", "agent_id", "rbac_scope", "resource.connector", "resource.project_id", "user_context.initiated_by", "policy.decision"];

    /// <summary>Reads <c>include</c> and <c>exclude</c>.</summary>
    public static EventFilter Read(SinkSettings settings) => new(Read(settings, "include"), Read(settings, "exclude"));

    /// <summary>Whether the sink gets an event.</summary>
    public bool LetsPass(JsonObject fields) =>
        include.All(one => Fits(fields, one.Key, one.Value)) && !exclude.Any(one => Fits(fields, one.Key, one.Value));

    private static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(SinkSettings settings, string key)
    {
        var lists = settings.Lists(key);
        return lists.Keys.FirstOrDefault(field => !FieldNames.Contains(field)) is { } unknown
            ? throw settings.Refuse($"{key}:{unknown}", $"is not a field to filter by; those are {string.Join(", ", FieldNames)}")
            : lists;
    }

    private static bool Fits(JsonObject fields, string field, IReadOnlyList<string> patterns)
    {
        var path = field.Split('.');
        var value = path.Length == 1 ? fields.Text(path[0]) : fields.Child(path[0]).Text(path[1]);
        return patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: false));
    }
}
