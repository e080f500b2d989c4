using System.Text.Json.Nodes;
using Mainstay.ServiceDefaults.Schemas;

namespace Mainstay.ServiceDefaults.Tests.Schemas;

/// <summary>The public JSON Schema Test Suite, which is not a part of this repository.</summary>
internal static class SchemaSuite
{
    private const string RemoteAddress = "http://localhost:1234/";

    /// <summary>Where the suite is: what <c>JSON_SCHEMA_TEST_SUITE</c> says; null where it says nothing.</summary>
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("JSON_SCHEMA_TEST_SUITE") is { Length: > 0 } folder ? folder : null;

    /// <summary>The files of the part that every validator must pass.</summary>
    public static IEnumerable<string> RequiredFiles => Directory.EnumerateFiles(Path.Combine(Folder!, "tests", "draft2020-12"), "*.json").Select(Path.GetFileName).Order()!;

    /// <summary>The files of the optional part.</summary>
    public static IEnumerable<string> OptionalFiles =>
        Directory.EnumerateFiles(Path.Combine(Folder!, "tests", "draft2020-12", "optional"), "*.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Path.Combine(Folder!, "tests", "draft2020-12"), file).Replace('\\', '/')).Order();

    /// <summary>The schemas that the tests refer to.</summary>
    public static SchemaLibrary Library { get; } = Folder is null ? SchemaLibrary.Empty : ReadLibrary(Folder);

    /// <summary>The groups of a file: a schema, and values with whether they fit.</summary>
    public static IEnumerable<JsonObject> Groups(string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Folder!, "tests", "draft2020-12", file)))!.AsArray().Select(group => group!.AsObject());

    private static SchemaLibrary ReadLibrary(string folder)
    {
        var library = new SchemaLibrary();
        var remotes = Path.Combine(folder, "remotes");
        foreach (var file in Directory.EnumerateFiles(remotes, "*.json", SearchOption.AllDirectories))
        {
            library.Add(RemoteAddress + Path.GetRelativePath(remotes, file).Replace('\\', '/'), JsonNode.Parse(File.ReadAllText(file)));
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "metaschemas"), "*.json", SearchOption.AllDirectories))
        {
            var schema = JsonNode.Parse(File.ReadAllText(file))!;
            library.Add(schema["$id"]!.GetValue<string>(), schema);
        }

        return library;
    }
}
