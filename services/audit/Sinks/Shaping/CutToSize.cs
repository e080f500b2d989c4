using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Mainstay.Audit.Sinks.Shaping;

/// <summary>Makes an event fit a sink: its longest texts are cut, each with a marker that says how long it was.</summary>
internal static partial class CutToSize
{
    // Below this there is nothing to gain, and names and ids stay whole.
    private const int ShortestCut = 256;

    /// <summary>Cuts the longest text to a quarter and marks the event; false when none is left that may be cut.</summary>
    public static bool CutOnce(JsonObject fields)
    {
        var longest = Texts(fields).MaxBy(text => text.Value.Length);
        if (longest.Parent is null || longest.Value.Length <= ShortestCut)
        {
            return false;
        }

        var kept = Math.Max(ShortestCut / 2, longest.Value.Length / 4);
        kept -= char.IsHighSurrogate(longest.Value[kept - 1]) ? 1 : 0;

        // A text that was cut before keeps its first length.
        var marker = Marker().Match(longest.Value) is { Success: true } earlier ? earlier.Value : $"… [cut from {longest.Value.Length} characters]";
        longest.Parent[longest.Name] = longest.Value[..kept] + marker;
        fields["cut"] = true;
        return true;
    }

    [GeneratedRegex(@"… \[cut from \d+ characters\]\z")]
    private static partial Regex Marker();

    private static IEnumerable<(JsonObject Parent, string Name, string Value)> Texts(JsonObject parent)
    {
        foreach (var (name, value) in parent)
        {
            if (value is JsonObject child)
            {
                foreach (var text in Texts(child))
                {
                    yield return text;
                }
            }
            else if (value is JsonValue leaf && leaf.GetValueKind() == JsonValueKind.String)
            {
                yield return (parent, name, leaf.GetValue<string>());
            }
        }
    }
}
