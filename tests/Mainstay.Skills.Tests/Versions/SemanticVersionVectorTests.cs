using System.Text.Json.Nodes;
using Mainstay.Skills.Tests.Vectors;
using Mainstay.Skills.Versions;

namespace Mainstay.Skills.Tests.Versions;

/// <summary>Holds versions and ranges to what npm's own library answers.</summary>
public sealed class SemanticVersionVectorTests
{
    private static readonly IReadOnlyDictionary<string, JsonObject> Cases = VectorFile.Read("semver");

    public static IEnumerable<TheoryDataRow<string>> Names => Cases.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Answer_CaseOfTheReference_AgreesWithIt(string name)
    {
        var vector = Cases[name];
        var expected = vector["expect"]!.AsObject();

        var actual = Answer(vector["op"]!.GetValue<string>(), vector["args"]!.AsObject());

        // How a range is spelt by the library is its own affair.
        expected.Remove("normalized");
        Assert.True(JsonNode.DeepEquals(expected, actual), $"{vector["args"]!.ToJsonString()}\nexpected: {expected.ToJsonString()}\nactual:   {actual.ToJsonString()}");
    }

    private static JsonObject Answer(string operation, JsonObject arguments) => operation switch
    {
        "parse" => Parse(Text(arguments, "version")),
        "compare" => new() { ["result"] = SemanticVersion.Parse(Text(arguments, "a")).CompareTo(SemanticVersion.Parse(Text(arguments, "b"))) },
        "sort" => new() { ["result"] = Array(Versions(arguments).Order(ByBuild).Select(version => version.Text)) },
        "rsort" => new() { ["result"] = Array(Versions(arguments).OrderDescending(ByBuild).Select(version => version.Text)) },
        "range" => new() { ["valid"] = VersionRange.TryParse(Text(arguments, "range"), out _) },
        "satisfies" => Satisfies(Text(arguments, "version"), Text(arguments, "range")),
        "max_satisfying" => new() { ["result"] = Fitting(arguments).OrderByDescending(version => version.Version).FirstOrDefault().Text },
        "min_satisfying" => new() { ["result"] = Fitting(arguments).OrderBy(version => version.Version).FirstOrDefault().Text },
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    private static JsonObject Parse(string text) => !SemanticVersion.TryParse(text, out var version)
        ? new() { ["valid"] = false }
        : new()
        {
            ["valid"] = true,
            ["version"] = version.ToString(),
            ["major"] = version.Major,
            ["minor"] = version.Minor,
            ["patch"] = version.Patch,
            ["prerelease"] = new JsonArray([.. version.Prerelease.Select(Identifier)]),
            ["build"] = Array(version.Build),
        };

    private static JsonNode Identifier(string identifier) =>
        identifier.All(char.IsAsciiDigit) && long.TryParse(identifier, out var number) && number <= SemanticVersion.MostNumber ? JsonValue.Create(number) : JsonValue.Create(identifier);

    private static JsonObject Satisfies(string version, string range)
    {
        var isRange = VersionRange.TryParse(range, out var parsed);
        return new() { ["valid"] = isRange, ["result"] = isRange && SemanticVersion.TryParse(version, out var one) && parsed!.Contains(one) };
    }

    private static IEnumerable<(string Text, SemanticVersion Version)> Fitting(JsonObject arguments) =>
        VersionRange.TryParse(Text(arguments, "range"), out var range) ? Versions(arguments).Where(version => range.Contains(version.Version)) : [];

    private static IEnumerable<(string Text, SemanticVersion Version)> Versions(JsonObject arguments) => arguments["versions"]!.AsArray()
        .Select(text => text!.GetValue<string>())
        .Where(text => SemanticVersion.TryParse(text, out _))
        .Select(text => (text, SemanticVersion.Parse(text)));

    private static Comparer<(string Text, SemanticVersion Version)> ByBuild { get; } =
        Comparer<(string Text, SemanticVersion Version)>.Create((left, right) => left.Version.CompareWithBuildTo(right.Version));

    private static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static string Text(JsonObject arguments, string name) => arguments[name]!.GetValue<string>();
}
