using System.Text.Json.Nodes;

namespace Mainstay.ToolGateway;

/// <summary>Tells which JSON of a server can travel as protobuf's Struct: what is too deep for its readers, or has a name that is empty, cannot.</summary>
internal static class StructLimits
{
    // Readers stop at 100 nested messages, and a level of JSON takes three.
    private const int MostLevels = 30;

    public static bool Allow(JsonNode? value) => Allow(value, MostLevels);

    private static bool Allow(JsonNode? value, int levels) => value switch
    {
        JsonObject members => levels > 0 && members.All(member => member.Key.Length > 0 && Allow(member.Value, levels - 1)),
        JsonArray items => levels > 0 && items.All(item => Allow(item, levels - 1)),
        _ => true,
    };
}
