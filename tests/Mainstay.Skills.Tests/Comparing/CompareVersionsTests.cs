using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests.Comparing;

public sealed class CompareVersionsTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DiffVersions_TemplateAndSchemaChanged_NamesEachFieldAndTheLines()
    {
        var skill = SkillsFixture.NewSkill();
        skill.PromptTemplate = "Review\nthe sheet\nwell.";
        await skills.Publisher().RegisterAsync(skill);
        skill.Version = "2.0.0";
        skill.PromptTemplate = "Review\nevery sheet\nwell.";
        skill.OutputSchema = Struct.Parser.ParseJson("""{"type": "string"}""");
        await skills.Publisher().RegisterAsync(skill);

        var diff = await skills.Reader().DiffVersionsAsync(
            new DiffVersionsRequest { SkillName = skill.SkillName, FromVersion = "1.0.0", ToVersion = "2.0.0" }, cancellationToken: Cancellation);

        Assert.False(diff.Compatible);
        Assert.Equal(["prompt_template", "output_schema/type"], diff.Differences.Select(difference => difference.Field));
        Assert.Equal("@@ -1,3 +1,3 @@\n Review\n-the sheet\n+every sheet\n well.\n", diff.Differences[0].LineDiff);
        Assert.Equal(("\"object\"", "\"string\""), (diff.Differences[1].FromValue, diff.Differences[1].ToValue));
    }

    [Fact]
    public async Task CheckCompatibility_SchemasGiven_NamesWhatBreaks()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");

        var answer = await skills.Reader().CheckCompatibilityAsync(
            new CheckCompatibilityRequest { SkillName = name, CandidateSchemas = new CandidateSchemas { OutputSchema = Struct.Parser.ParseJson("""{"type": "string"}""") } },
            cancellationToken: Cancellation);

        Assert.False(answer.Compatible);
        Assert.Equal("the new schema allows string here, which the old one does not", Assert.Single(answer.Differences).Message);
    }

    [Fact]
    public async Task CheckCompatibility_NoCandidate_IsRefused()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");

        var violations = await Refusal.OfAsync(
            () => skills.Reader().CheckCompatibilityAsync(new CheckCompatibilityRequest { SkillName = name }, cancellationToken: Cancellation).ResponseAsync,
            StatusCode.InvalidArgument,
            "FIELD_INVALID");

        Assert.Equal("candidate", Assert.Single(violations).Field);
    }

    [Fact]
    public async Task RegisterSkill_BreaksItsLineOfVersions_IsRefusedAndLeavesNothing()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");
        var breaking = SkillsFixture.NewSkill(name, "1.1.0");
        breaking.OutputSchema = Struct.Parser.ParseJson("""{"type": "string"}""");

        await Refusal.OfAsync(() => skills.Publisher().RegisterAsync(breaking), StatusCode.FailedPrecondition, "INCOMPATIBLE");

        await Refusal.OfAsync(() => skills.Publisher().GetAsync(name, "1.1.0"), StatusCode.NotFound, "SKILL_NOT_FOUND");
        breaking.Version = "2.0.0";
        Assert.Equal("2.0.0", (await skills.Publisher().RegisterAsync(breaking)).Version);
    }
}
