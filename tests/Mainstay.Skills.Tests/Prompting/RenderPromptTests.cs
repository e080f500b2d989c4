using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Tests.Prompting;

public sealed class RenderPromptTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RenderPrompt_VariablesGiven_ReturnsThePromptWithVersionAndDigest()
    {
        var skill = await RegisterAsync("Review {{ sheet.name }}:{% for row in sheet.rows %} {{ loop.index }}={{ row }}{% endfor %}");

        var rendered = await RenderAsync(skill, """{"sheet": {"name": "B-7", "rows": [3, 4.5]}}""");

        Assert.Equal("Review B-7: 1=3 2=4.5", rendered.Prompt);
        Assert.Equal((skill.Version, skill.Digest), (rendered.Version, rendered.Digest));
    }

    [Fact]
    public async Task RenderPrompt_VariableMissing_IsRefusedWithPlaceAndName()
    {
        var skill = await RegisterAsync("Review\n  {{ sheet.owner }}.");

        var violations = await Refusal.OfAsync(() => RenderAsync(skill, """{"sheet": {}}"""), StatusCode.InvalidArgument, "TEMPLATE_INVALID");

        var violation = Assert.Single(violations);
        Assert.Equal("variables.sheet.owner", violation.Field);
        Assert.StartsWith("line 2, column 6: 'sheet.owner' is undefined", violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderPrompt_VariablesAgainstTheirSchema_AreRefusedPlaceByPlace()
    {
        var skill = await RegisterAsync("{{ count }}", """{"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]}""");

        var violations = await Refusal.OfAsync(() => RenderAsync(skill, """{"count": "many"}"""), StatusCode.InvalidArgument, "VARIABLES_INVALID");

        Assert.Equal("variables/count", Assert.Single(violations).Field);
        Assert.Equal("3", (await RenderAsync(skill, """{"count": 3}""")).Prompt);
    }

    [Fact]
    public async Task RenderPrompt_TemplateThatNeverEnds_IsStoppedAtItsLimits()
    {
        var skill = await RegisterAsync("{% for a in range(100000) %}{% for b in range(100000) %}{{ a * b }}{% endfor %}{% endfor %}");

        await Refusal.OfAsync(() => RenderAsync(skill, "{}"), StatusCode.InvalidArgument, "TEMPLATE_INVALID");
    }

    [Fact]
    public async Task RenderPrompt_MacroThatCallsItself_IsStoppedAtItsLimits()
    {
        var skill = await RegisterAsync("{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}");

        await Refusal.OfAsync(() => RenderAsync(skill, "{}"), StatusCode.InvalidArgument, "TEMPLATE_INVALID");
    }

    [Fact]
    public async Task RenderPrompt_UnknownSkill_IsNotFound() => await Refusal.OfAsync(
        () => skills.Reader().RenderPromptAsync(new RenderPromptRequest { SkillName = "no-such-skill" }, cancellationToken: Cancellation).ResponseAsync,
        StatusCode.NotFound,
        "SKILL_NOT_FOUND");

    private async Task<Skill> RegisterAsync(string template, string? variablesSchema = null)
    {
        var skill = SkillsFixture.NewSkill();
        skill.PromptTemplate = template;
        skill.VariablesSchema = variablesSchema is null ? null : Struct.Parser.ParseJson(variablesSchema);
        return (await skills.Publisher().RegisterSkillAsync(new RegisterSkillRequest { Skill = skill }, cancellationToken: Cancellation)).Skill;
    }

    private Task<RenderPromptResponse> RenderAsync(Skill skill, string variables) => skills.Reader().RenderPromptAsync(
        new RenderPromptRequest { SkillName = skill.SkillName, Version = skill.Version, Variables = Struct.Parser.ParseJson(variables) }, cancellationToken: Cancellation).ResponseAsync;
}
