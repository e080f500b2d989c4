using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests.Archives;

public sealed class ArchiveTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private readonly string name = SkillsFixture.NewSkill().SkillName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Document => ArchiveBuilder.Document.Replace("NAME", name, StringComparison.Ordinal);

    [Fact]
    public async Task ImportSkill_Folder_StoresWhatItsFilesSay()
    {
        var imported = await ImportAsync(ArchiveBuilder.Zip(
            ($"{name}/SKILL.md", Document),
            ($"{name}/templates/user.j2", "The sheet is {{ sheet }}."),
            ($"{name}/schemas/output.json", """{"type": "object"}"""),
            ($"{name}/schemas/variables.json", """{"type": "object", "required": ["sheet"]}"""),
            ($"{name}/CHANGELOG.md", "First."),
            ($"{name}/examples/plain.json", """{"variables": {"sheet": "B-7"}, "expected_output": {}, "scoring": "EXAMPLE_SCORING_EXACT"}""")));

        Assert.Equal((name, "1.0.0", "Review {{ sheet }}."), (imported.SkillName, imported.Version, imported.PromptTemplate));
        Assert.Equal(["filesystem.read_text_file", "filesystem.list_directory"], imported.AllowedTools);
        Assert.Equal((0.2, 300), (imported.ExecutionConfig.Temperature, imported.ExecutionConfig.Timeout.Seconds));
        Assert.Equal(("The sheet is {{ sheet }}.", "First.", "plain"), (imported.UserTemplate, imported.Changelog, Assert.Single(imported.Examples).Name));
        Assert.Equal(["bess", "review"], imported.Tags);
    }

    [Theory]
    [InlineData(ArchiveFormat.Zip)]
    [InlineData(ArchiveFormat.Tar)]
    public async Task ExportSkill_ImportedAgain_IsTheSameVersion(ArchiveFormat format)
    {
        var skill = SkillsFixture.NewSkill();
        skill.Description = "Says \"yes\": 'no' # 🐲\nand more.";
        skill.PromptTemplate = "---\nReview\r\n---\n{{ sheet }}\n\n";
        skill.ExecutionConfig.Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(1.5));
        skill.ExecutionConfig.Temperature = 0;
        skill.ExecutionConfig.MaxOutputTokens = 4000;
        skill.ExecutionConfig.MaxTotalTokens = 5_000_000_000;
        skill.ExecutionConfig.BudgetMicroUsd = 250_000;
        skill.ExecutionConfig.MaxRetries = 0;
        skill.Examples.Add(new SkillExample { Name = "a/b", ExpectedOutput = Value.Parser.ParseJson("""{"verdict": [1, 2.5, null]}""") });
        var registered = await skills.Publisher().RegisterAsync(skill);

        var exported = await skills.Reader().ExportSkillAsync(new ExportSkillRequest { SkillName = skill.SkillName, Format = format }, cancellationToken: Cancellation);

        Assert.Equal(registered, await ImportAsync(exported.Archive.ToByteArray()));
    }

    [Fact]
    public async Task ImportSkill_TarGz_IsUnpacked() =>
        Assert.Equal(name, (await ImportAsync(ArchiveBuilder.Gzip(ArchiveBuilder.Tar(("./SKILL.md", Document))))).SkillName);

    [Theory]
    [InlineData("../SKILL.md")]
    [InlineData("a/../../SKILL.md")]
    [InlineData("/SKILL.md")]
    [InlineData("..\\SKILL.md")]
    [InlineData("C:/SKILL.md")]
    public async Task ImportSkill_PathOutOfTheFolder_IsRefused(string path)
    {
        foreach (var archive in (byte[][])[ArchiveBuilder.Zip(("SKILL.md", Document), (path, "x")), ArchiveBuilder.Tar(("SKILL.md", Document), (path, "x"))])
        {
            await RefusedAsync(archive, $"archive/{path}");
        }
    }

    [Fact]
    public async Task ImportSkill_BombOfAnyKind_IsRefused()
    {
        var zeros = new string('\0', 9 * 1024 * 1024);

        await RefusedAsync(ArchiveBuilder.Zip(("SKILL.md", Document), ("CHANGELOG.md", zeros)), "archive/CHANGELOG.md");
        await RefusedAsync(ArchiveBuilder.Gzip(ArchiveBuilder.Tar(("SKILL.md", Document), ("CHANGELOG.md", zeros))), "archive/CHANGELOG.md");
        await RefusedAsync(ArchiveBuilder.Zip([.. Enumerable.Range(0, 300).Select(i => ($"examples/{i}.json", "{}"))]), "archive");
    }

    [Fact]
    public async Task ImportSkill_FileThatIsNotWhatItMustBe_IsRefusedByItsPath()
    {
        await RefusedAsync([1, 2, 3], "archive");
        await RefusedAsync(ArchiveBuilder.Zip(("README.md", "x")), "archive/SKILL.md");
        await RefusedAsync(ArchiveBuilder.Zip(("SKILL.md", "no front matter")), "archive/SKILL.md");
        await RefusedAsync(ArchiveBuilder.Zip(("SKILL.md", "---\nname: [\n---\n")), "archive/SKILL.md");
        await RefusedAsync(ArchiveBuilder.Zip(("SKILL.md", Document.Replace("tags", "tag", StringComparison.Ordinal))), "archive/SKILL.md#tag");
        await RefusedAsync(ArchiveBuilder.Zip(("SKILL.md", Document), ("scripts/run.sh", "x")), "archive/scripts/run.sh");
        await RefusedAsync(ArchiveBuilder.Zip(("SKILL.md", Document), ("schemas/output.json", "{")), "archive/schemas/output.json");
        await RefusedAsync(ArchiveBuilder.Zip(("SKILL.md", Document), ("SKILL.md", Document)), "archive/SKILL.md");
        await RefusedAsync(ArchiveBuilder.TarWithLink(Document), "archive/CHANGELOG.md");
    }

    [Fact]
    public async Task ImportSkill_TemplateThatDoesNotParse_LeavesNothing()
    {
        var document = Document.Replace("{{ sheet }}", "{% include 'other' %}", StringComparison.Ordinal);

        await Refusal.OfAsync(() => ImportAsync(ArchiveBuilder.Zip(("SKILL.md", document))), StatusCode.InvalidArgument, "TEMPLATE_INVALID");

        await Refusal.OfAsync(() => skills.Publisher().GetAsync(name, "1.0.0"), StatusCode.NotFound, "SKILL_NOT_FOUND");
    }

    private async Task RefusedAsync(byte[] archive, string field) => Assert.Equal(
        field, Assert.Single(await Refusal.OfAsync(() => ImportAsync(archive), StatusCode.InvalidArgument, "ARCHIVE_INVALID")).Field);

    private async Task<Skill> ImportAsync(byte[] archive) => (await skills.Publisher().ImportSkillAsync(
        new ImportSkillRequest { Archive = ByteString.CopyFrom(archive) }, cancellationToken: Cancellation)).Skill;
}
