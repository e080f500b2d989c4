using Mainstay.ServiceDefaults.Schemas;

namespace Mainstay.ServiceDefaults.Tests.Schemas;

/// <summary>Holds the validator to the public suite: all that every validator must pass, and of the optional part all but what is listed.</summary>
public sealed class SchemaSuiteTests
{
    // What earlier drafts had, and format as an assertion: here it is an annotation, as the draft has it by default.
    private static readonly string[] NotCovered =
        ["optional/cross-draft.json", "optional/dependencies-compatibility.json", "optional/format-assertion.json", .. Formats.Select(name => $"optional/format/{name}.json")];

    private static string[] Formats =>
    [
        "date", "date-time", "duration", "ecmascript-regex", "email", "hostname", "idn-email", "idn-hostname", "ipv4", "ipv6", "iri", "iri-reference",
        "json-pointer", "regex", "relative-json-pointer", "time", "uri", "uri-reference", "uri-template", "uuid",
    ];

    public static IEnumerable<TheoryDataRow<string>> Files => SchemaSuite.Folder is null ? [] : SchemaSuite.RequiredFiles.Select(file => new TheoryDataRow<string>(file));

    public static IEnumerable<TheoryDataRow<string>> OptionalFiles => SchemaSuite.Folder is null
        ? []
        : SchemaSuite.OptionalFiles.Except(NotCovered).Select(file => new TheoryDataRow<string>(file));

    public static IEnumerable<TheoryDataRow<string>> FilesNotCovered => SchemaSuite.Folder is null ? [] : NotCovered.Select(file => new TheoryDataRow<string>(file));

    [SchemaSuiteFact]
    [MemberData(nameof(Files))]
    [MemberData(nameof(OptionalFiles))]
    public void Validate_FileOfTheSuite_AgreesWithIt(string file) => Assert.Empty(Disagreements(file));

    [SchemaSuiteFact]
    [MemberData(nameof(FilesNotCovered))]
    public void Validate_FileListedAsNotCovered_IsListedWithReason(string file) => Assert.NotEmpty(Disagreements(file));

    private static IEnumerable<string> Disagreements(string file) =>
        from @group in SchemaSuite.Groups(file)
        from test in @group["tests"]!.AsArray()
        let violations = JsonSchemaValidator.Validate(@group["schema"]!, test!["data"], SchemaSuite.Library)
        where (violations.Count == 0) != test["valid"]!.GetValue<bool>()
        select $"{@group["description"]} / {test["description"]}: {string.Join("; ", violations)}";
}
