using System.Text.Json.Nodes;

namespace Mainstay.Skills.Tests.Vectors;

/// <summary>Reads a folder's cases.</summary>
internal static class VectorFile
{
    /// <summary>The cases by name.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Read(string folder) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", folder, "cases.json")))!
            .AsArray()
            .Select(entry => entry!.AsObject())
            .ToDictionary(entry => entry["name"]!.GetValue<string>());
}
