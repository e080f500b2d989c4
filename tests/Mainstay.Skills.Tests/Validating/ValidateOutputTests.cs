using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests.Validating;

public sealed class ValidateOutputTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ValidateOutput_ValueThatFits_IsValid()
    {
        var skill = await RegisterAsync("""{"type": "object", "required": ["verdict"]}""");

        var answer = await ValidateAsync(skill, """{"verdict": "pass"}""");

        Assert.True(answer.Valid);
        Assert.Empty(answer.Violations);
    }

    [Fact]
    public async Task ValidateOutput_ValueThatDoesNotFit_SaysWhereAndWhatIsExpected()
    {
        var skill = await RegisterAsync("""{"type": "object", "properties": {"findings": {"type": "array", "items": {"enum": ["low", "high"]}}}}""");

        var answer = await ValidateAsync(skill, """{"findings": ["low", "medium"]}""");

        Assert.False(answer.Valid);
        var violation = Assert.Single(answer.Violations);
        Assert.Equal("/findings/1", violation.InstancePath);
        Assert.Contains("high", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ValidateOutput_VersionWithoutSchema_TakesAnything() =>
        Assert.True((await ValidateAsync(await RegisterAsync(null), "\"free text\"")).Valid);

    [Fact]
    public async Task ValidateOutput_NoValue_IsRefused()
    {
        var skill = await RegisterAsync(null);

        var violations = await Refusal.OfAsync(
            () => skills.Reader().ValidateOutputAsync(new ValidateOutputRequest { SkillName = skill.SkillName }, cancellationToken: Cancellation).ResponseAsync,
            StatusCode.InvalidArgument,
            "FIELD_INVALID");

        Assert.Equal("output", Assert.Single(violations).Field);
    }

    private async Task<Skill> RegisterAsync(string? outputSchema)
    {
        var skill = SkillsFixture.NewSkill();
        skill.OutputSchema = outputSchema is null ? null : Struct.Parser.ParseJson(outputSchema);
        return (await skills.Publisher().RegisterSkillAsync(new RegisterSkillRequest { Skill = skill }, cancellationToken: Cancellation)).Skill;
    }

    private async Task<ValidateOutputResponse> ValidateAsync(Skill skill, string output) => await skills.Reader().ValidateOutputAsync(
        new ValidateOutputRequest { SkillName = skill.SkillName, Version = skill.Version, Output = Value.Parser.ParseJson(output) }, cancellationToken: Cancellation);
}
