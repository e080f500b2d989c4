using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.Skills.Tests.Publishing;

public sealed class RegisterSkillTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RegisterSkill_NewVersion_StoresItWithDigestAndPublisher()
    {
        var skill = SkillsFixture.NewSkill();

        var registered = await RegisterAsync(skill);

        Assert.Equal(64, registered.Digest.Length);
        Assert.Equal("ada", registered.Publisher);
        Assert.NotNull(registered.PublishTime);
        Assert.Equal(skill.OutputSchema, registered.OutputSchema);
    }

    [Fact]
    public async Task RegisterSkill_NewVersion_IsAnnouncedOnTheBus()
    {
        await using var bus = await BusListener.StartAsync("mainstay.audit", "skills.skill_publish.success", Cancellation);
        var skill = SkillsFixture.NewSkill();

        await RegisterAsync(skill);

        BusMessage message;
        do
        {
            message = await bus.NextAsync(Cancellation);
        }
        while (!System.Text.Encoding.UTF8.GetString(message.Body.Span).Contains(skill.SkillName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RegisterSkill_SameContentAgain_ReturnsTheStoredVersion()
    {
        var skill = SkillsFixture.NewSkill();
        var first = await RegisterAsync(skill);

        Assert.Equal(first, await RegisterAsync(skill));
    }

    [Fact]
    public async Task RegisterSkill_SameRequestAtOnce_PublishesOneVersion()
    {
        var skill = SkillsFixture.NewSkill();
        var requestId = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RegisterAsync(skill, requestId)));

        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task RegisterSkill_OtherContentUnderTakenVersion_IsRefused()
    {
        var skill = SkillsFixture.NewSkill();
        await RegisterAsync(skill);
        skill.PromptTemplate = "Something else.";

        var exception = await Assert.ThrowsAsync<RpcException>(() => RegisterAsync(skill));

        AssertReason(exception, StatusCode.AlreadyExists, "SKILL_ERROR_REASON_VERSION_EXISTS");
    }

    [Fact]
    public async Task RegisterSkill_RequestIdOfAnotherRequest_IsRefused()
    {
        var requestId = Guid.NewGuid().ToString();
        await RegisterAsync(SkillsFixture.NewSkill(), requestId);

        var exception = await Assert.ThrowsAsync<RpcException>(() => RegisterAsync(SkillsFixture.NewSkill(), requestId));

        AssertReason(exception, StatusCode.AlreadyExists, "SKILL_ERROR_REASON_REQUEST_ID_REUSED");
    }

    [Fact]
    public async Task RegisterSkill_WithoutTheScope_IsDenied()
    {
        var exception = await Assert.ThrowsAsync<RpcException>(
            () => skills.Reader().RegisterSkillAsync(new RegisterSkillRequest { Skill = SkillsFixture.NewSkill() }, cancellationToken: Cancellation).ResponseAsync);

        AssertReason(exception, StatusCode.PermissionDenied, "SKILL_ERROR_REASON_SCOPE_MISSING");
    }

    [Theory]
    [InlineData("skill.skill_name", "X", "1.0.0", "p", "filesystem.read")]
    [InlineData("skill.version", "valid-name", "1.0", "p", "filesystem.read")]
    [InlineData("skill.prompt_template", "valid-name", "1.0.0", "", "filesystem.read")]
    [InlineData("skill.allowed_tools[0]", "valid-name", "1.0.0", "p", "no-connector")]
    public async Task RegisterSkill_InvalidField_IsRefusedWithItsPath(string field, string name, string version, string prompt, string tool)
    {
        var skill = new Skill { SkillName = name, Version = version, PromptTemplate = prompt, AllowedTools = { tool } };

        var exception = await Assert.ThrowsAsync<RpcException>(() => RegisterAsync(skill));

        AssertReason(exception, StatusCode.InvalidArgument, "SKILL_ERROR_REASON_FIELD_INVALID");
        Assert.Equal(field, Assert.Single(exception.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field);
    }

    [Theory]
    [InlineData("temperature", """{"temperature": 2.1}""")]
    [InlineData("max_iterations", """{"max_iterations": -1}""")]
    [InlineData("timeout", """{"timeout": "0s"}""")]
    [InlineData("max_output_tokens", """{"max_output_tokens": 1000001}""")]
    [InlineData("max_total_tokens", """{"max_total_tokens": "-1"}""")]
    [InlineData("budget_micro_usd", """{"budget_micro_usd": "-1"}""")]
    [InlineData("max_retries", """{"max_retries": 21}""")]
    public async Task RegisterSkill_ExecutionConfigOutOfBounds_IsRefusedWithItsPath(string field, string execution)
    {
        var skill = SkillsFixture.NewSkill();
        skill.ExecutionConfig = ExecutionConfig.Parser.ParseJson(execution);

        var violations = await Refusal.OfAsync(() => RegisterAsync(skill), StatusCode.InvalidArgument, "FIELD_INVALID");

        Assert.Equal($"skill.execution_config.{field}", Assert.Single(violations).Field);
    }

    [Fact]
    public async Task RegisterSkill_ExecutionConfig_IsKeptAndPartOfTheDigest()
    {
        var digests = new HashSet<string>();
        foreach (var execution in (string[])
            ["{}", """{"model": "m"}""", """{"temperature": 0}""", """{"max_iterations": 2}""", """{"timeout": "2s"}""", """{"max_output_tokens": 2}""",
                """{"max_total_tokens": "2"}""", """{"budget_micro_usd": "2"}""", """{"max_retries": 0}"""])
        {
            var draft = SkillsFixture.NewSkill("digest-of-execution");
            draft.ExecutionConfig = ExecutionConfig.Parser.ParseJson(execution);
            await skills.Publisher().RegisterAsync(draft, draft: true);

            var stored = await skills.Publisher().GetAsync(draft.SkillName, draft.Version);

            Assert.Equal(draft.ExecutionConfig, stored.ExecutionConfig);
            Assert.True(digests.Add(stored.Digest));
        }
    }

    [Theory]
    [InlineData("{% include 'itself' %}")]
    [InlineData("{% import 'itself' as it %}")]
    [InlineData("{% extends 'itself' %}")]
    public async Task RegisterSkill_TemplateThatIncludesAnother_IsRefusedSoThatNoneIncludesItself(string template)
    {
        var skill = SkillsFixture.NewSkill();
        skill.UserTemplate = template;

        var violations = await Refusal.OfAsync(() => RegisterAsync(skill), StatusCode.InvalidArgument, "TEMPLATE_INVALID");

        Assert.Equal("skill.user_template", Assert.Single(violations).Field);
        await Refusal.OfAsync(() => skills.Reader().GetAsync(skill.SkillName), StatusCode.NotFound, "SKILL_NOT_FOUND");
    }

    [Fact]
    public async Task RegisterSkill_TemplateThatDoesNotParse_IsRefusedWithLineAndColumn()
    {
        var skill = SkillsFixture.NewSkill();
        skill.PromptTemplate = "Review\n{% if sheet %}\nit";

        var violations = await Refusal.OfAsync(() => RegisterAsync(skill), StatusCode.InvalidArgument, "TEMPLATE_INVALID");

        Assert.Equal(("skill.prompt_template", "line 3, column 3: 'endif' is missing"), (violations[0].Field, violations[0].Description));
    }

    [Fact]
    public async Task RegisterSkill_SchemaThatIsNone_IsRefusedWithItsPath()
    {
        var skill = SkillsFixture.NewSkill();
        skill.OutputSchema = Struct.Parser.ParseJson("""{"properties": {"verdict": {"type": "text"}}}""");

        var violations = await Refusal.OfAsync(() => RegisterAsync(skill), StatusCode.InvalidArgument, "SCHEMA_INVALID");

        Assert.Equal("skill.output_schema/properties/verdict/type", Assert.Single(violations).Field);
    }

    [Fact]
    public async Task RegisterSkill_TextTooLong_IsRefused()
    {
        var skill = SkillsFixture.NewSkill();
        skill.PromptTemplate = new string('x', (256 * 1024) + 1);
        skill.Description = new string('x', 1025);

        var violations = await Refusal.OfAsync(() => RegisterAsync(skill), StatusCode.InvalidArgument, "FIELD_INVALID");

        Assert.Equal(["skill.description", "skill.prompt_template"], violations.Select(violation => violation.Field));
    }

    private async Task<Skill> RegisterAsync(Skill skill, string requestId = "") =>
        (await skills.Publisher().RegisterSkillAsync(new RegisterSkillRequest { Skill = skill, RequestId = requestId }, cancellationToken: Cancellation)).Skill;

    private static void AssertReason(RpcException exception, StatusCode code, string reason)
    {
        Assert.Equal(code, exception.StatusCode);
        Assert.Equal(reason, exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Type);
    }
}
