using System.Text.Json.Nodes;

namespace Mainstay.Audit.Sinks.Shaping;

/// <summary>What a sink must not see: fields that are blacked out (<c>redact</c>) and fields that are left out (<c>remove</c>).</summary>
internal sealed class Redaction(IReadOnlyList<string> redact, IReadOnlyList<string> remove)
{
    /// <summary>What stands in place of a redacted value.</summary>
    public const string Marker = "[redacted]";

    // Without these a receiver could neither tell events apart nor put them in order.
    private static readonly string[] Untouchable = ["event_id", "timestamp", "action", "result", "service", "schema_version"];

    /// <summary>Reads <c>redact</c> and <c>remove</c>: paths such as <c>user_context.initiated_by</c> or <c>attributes.*</c>.</summary>
    public static Redaction Read(SinkSettings settings)
    {
        foreach (var key in (string[])["redact", "remove"])
        {
            if (settings.List(key).FirstOrDefault(path => Untouchable.Contains(path.Split('.')[0]) || path[0] == '*') is { } path)
            {
                throw settings.Refuse(key, $"cannot name '{path}': every receiver needs {string.Join(", ", Untouchable)}");
            }
        }

        return new Redaction(settings.List("redact"), settings.List("remove"));
    }

    /// <summary>Takes out of an event what the sink must not see.</summary>
    public void Apply(JsonObject fields)
    {
        foreach (var path in remove)
        {
            Visit(fields, path.Split('.'), (parent, name) => parent.Remove(name));
        }

        foreach (var path in redact)
        {
            Visit(fields, path.Split('.'), (parent, name) => parent[name] = Marker);
        }
    }

    private static void Visit(JsonObject fields, ReadOnlySpan<string> path, Action<JsonObject, string> act)
    {
        foreach (var name in path[0] == "*" ? [.. fields.Select(field => field.Key)] : (string[])[path[0]])
        {
            if (path.Length == 1 && fields.ContainsKey(name))
            {
                act(fields, name);
            }
            else if (path.Length > 1 && fields[name] is JsonObject child)
            {
                Visit(child, path[1..], act);
            }
        }
    }
}
