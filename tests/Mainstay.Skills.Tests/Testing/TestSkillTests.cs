using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.Skills.Tests.Testing;

/// <summary>Tests versions by their examples, with the real LLM gateway and models that play scripts.</summary>
public sealed class TestSkillTests : IAsyncLifetime
{
    private const string Answers = """
        turns:
          - { when: { last_contains: "sheet good" }, content: '{"verdict": "accepted"}', usage: { input_tokens: 100, output_tokens: 10 } }
          - { when: { last_contains: "sheet fenced" }, content: "```json\n{\"verdict\": \"accepted\"}\n```" }
          - { when: { last_contains: "sheet bad" }, content: '{"verdict": "rejected"}' }
          - { when: { last_contains: "sheet odd" }, content: "I cannot tell." }
          - { when: { last_contains: "sheet flaky" }, content: '{"verdict": "accepted"}', error: { kind: unavailable, times: 1 } }
          - { when: { last_contains: "sheet slow" }, content: '{"verdict": "accepted"}', error: { kind: timeout, times: 9 } }
        """;

    private const string Verdicts = """
        turns:
          - { when: { last_contains: '"rejected"}' }, content: "FAIL: it says the opposite." }
          - { content: "PASS: it means the same." }
        """;

    private readonly TestTokens tokens = new();
    private readonly DirectoryInfo scripts = Directory.CreateTempSubdirectory("scripts-");
    private RunningService llm = null!;
    private RunningService service = null!;
    private SkillService.SkillServiceClient client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(scripts.FullName, "default.yaml"), Answers, Cancellation);
        await File.WriteAllTextAsync(Path.Combine(scripts.FullName, "judge.yaml"), Verdicts, Cancellation);
        llm = await Peers.LlmGatewayAsync(tokens, scripts.FullName, Cancellation);
        service = await RunningService.StartAsync(SkillsApplication.Build, "skills", Cancellation, "", tokens, Peers.AddressOf("llm-gateway", llm));
        client = new SkillService.SkillServiceClient(service.As("ada", ("rbac_scope", "skills:publish"), ("project", "line-1")));
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await llm.DisposeAsync();
        tokens.Dispose();
        scripts.Delete(recursive: true);
    }

    [Fact]
    public async Task TestSkill_EveryScoring_SaysWhichExamplesPass()
    {
        var skill = await client.RegisterAsync(NewSkill(
            Example("exact", "good", ExampleScoring.Exact),
            Example("exact-fenced", "fenced", ExampleScoring.Exact),
            Example("exact-wrong", "bad", ExampleScoring.Exact),
            Example("schema", "bad", ExampleScoring.Schema),
            Example("schema-wrong", "odd", ExampleScoring.Schema),
            Example("contains", "good", ExampleScoring.Contains, """{"verdict": "accept"}"""),
            Example("judged", "good", ExampleScoring.Judge),
            Example("judged-wrong", "bad", ExampleScoring.Judge)));

        var tested = await TestAsync(new TestSkillRequest { SkillName = skill.SkillName, JudgeModel = "judge" });

        Assert.Equal(("1.0.0", skill.Digest), (tested.Version, tested.Digest));
        Assert.Equal(skill.Examples.Select(example => example.Name), tested.Results.Select(result => result.Name));
        Assert.Equal(["exact", "exact-fenced", "schema", "contains", "judged"], tested.Results.Where(result => result.Passed).Select(result => result.Name));
        Assert.Equal(5, tested.Passed);
        Assert.Contains("does not fit the output schema", Result(tested, "schema-wrong").Explanation, StringComparison.Ordinal);
        Assert.Equal("FAIL: it says the opposite.", Result(tested, "judged-wrong").Explanation);
        Assert.Equal("""{"verdict": "rejected"}""", Result(tested, "exact-wrong").Answer);
        Assert.Equal(200, Result(tested, "exact").CostMicroUsd);
        Assert.Equal(tested.Results.Sum(result => result.CostMicroUsd), tested.CostMicroUsd);
    }

    [Fact]
    public async Task TestSkill_Draft_LeavesItsOutcomeOnRecord()
    {
        await using var bus = await BusListener.StartAsync("mainstay.audit", "skills.skill_test.*", Cancellation);
        var skill = await client.RegisterAsync(NewSkill(Example("one", "good", ExampleScoring.Exact), Example("two", "bad", ExampleScoring.Exact)), draft: true);

        await TestAsync(new TestSkillRequest { SkillName = skill.SkillName, Version = "1.0.0" });

        var message = await bus.NextAsync(Cancellation);
        var recorded = JsonNode.Parse(message.Body.Span)!;
        Assert.Equal("skills.skill_test.failure", message.RoutingKey);
        Assert.Equal($"{skill.SkillName}@1.0.0", recorded["resource"]!["document_id"]!.GetValue<string>());
        Assert.Equal(("2", "1", skill.Digest), (Fact("examples"), Fact("passed"), Fact("digest")));
        Assert.Equal("ada", recorded["user_context"]!["initiated_by"]!.GetValue<string>());

        string Fact(string name) => recorded["attributes"]![name]!.GetValue<string>();
    }

    [Fact]
    public async Task TestSkill_ModelThatFails_FailsItsExampleAlone()
    {
        var skill = NewSkill(Example("flaky", "flaky", ExampleScoring.Exact), Example("none", "unheard-of", ExampleScoring.Exact), Example("good", "good", ExampleScoring.Exact));
        await client.RegisterAsync(skill);

        var tested = await TestAsync(new TestSkillRequest { SkillName = skill.SkillName });

        Assert.Equal([true, false, true], tested.Results.Select(result => result.Passed));
        Assert.StartsWith("The model did not answer: ", Result(tested, "none").Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestSkill_RetriesAndTimeoutOfTheVersion_AreKept()
    {
        var skill = NewSkill(Example("flaky", "flaky", ExampleScoring.Exact), Example("slow", "slow", ExampleScoring.Exact));
        skill.ExecutionConfig = new ExecutionConfig { MaxRetries = 0, Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) };
        await client.RegisterAsync(skill);

        var tested = await TestAsync(new TestSkillRequest { SkillName = skill.SkillName });

        Assert.All(tested.Results, result => Assert.StartsWith("The model did not answer: ", result.Explanation, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TestSkill_MostTokensOfTheVersion_ReachTheModel()
    {
        var skill = NewSkill(Example("good", "good", ExampleScoring.Exact));
        skill.ExecutionConfig = new ExecutionConfig { MaxOutputTokens = 2000 };
        await client.RegisterAsync(skill);

        var tested = await TestAsync(new TestSkillRequest { SkillName = skill.SkillName });

        Assert.Contains("input.max_output_tokens: must be at most 1000", Assert.Single(tested.Results).Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestSkill_CallerGone_EndsAtOnce()
    {
        var skill = await client.RegisterAsync(NewSkill(Example("slow", "slow", ExampleScoring.Exact)));
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = client.TestSkillAsync(new TestSkillRequest { SkillName = skill.SkillName }, cancellationToken: leaving.Token).ResponseAsync;
        leaving.CancelAfter(TimeSpan.FromMilliseconds(200));

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
    }

    [Fact]
    public async Task TestSkill_NothingToTestOrNobodyToAsk_IsRefused()
    {
        var without = await client.RegisterAsync(NewSkill());
        var with = await client.RegisterAsync(NewSkill(Example("good", "good", ExampleScoring.Exact)));
        var reader = new SkillService.SkillServiceClient(service.As("reader"));

        await Refusal.OfAsync(() => TestAsync(new TestSkillRequest { SkillName = without.SkillName }), StatusCode.FailedPrecondition, "NOT_TESTABLE");
        await Refusal.OfAsync(() => reader.TestSkillAsync(new TestSkillRequest { SkillName = with.SkillName }).ResponseAsync, StatusCode.PermissionDenied, "SCOPE_MISSING");
        var fields = await Refusal.OfAsync(
            () => TestAsync(new TestSkillRequest { SkillName = with.SkillName, ExampleNames = { "good", "bad" } }), StatusCode.InvalidArgument, "FIELD_INVALID");
        Assert.Equal("example_names[1]", Assert.Single(fields).Field);

        await llm.Application.StopAsync(Cancellation);
        var away = await Assert.ThrowsAsync<RpcException>(() => TestAsync(new TestSkillRequest { SkillName = with.SkillName }));
        Assert.Equal((StatusCode.Unavailable, "The LLM gateway does not answer. Retry with backoff."), (away.StatusCode, away.Status.Detail));
    }

    [Fact]
    public async Task TestSkill_RegistryThatKnowsNoGateway_SaysWhatToSet()
    {
        await using var alone = await RunningService.StartAsync(SkillsApplication.Build, "skills", Cancellation, "", tokens);
        var lonely = new SkillService.SkillServiceClient(alone.As("ada", ("rbac_scope", "skills:publish")));
        var skill = await lonely.RegisterAsync(NewSkill(Example("good", "good", ExampleScoring.Exact)));

        await Refusal.OfAsync(() => lonely.TestSkillAsync(new TestSkillRequest { SkillName = skill.SkillName }).ResponseAsync, StatusCode.FailedPrecondition, "NOT_TESTABLE");
    }

    private static Skill NewSkill(params SkillExample[] examples)
    {
        var skill = SkillsFixture.NewSkill();
        skill.PromptTemplate = "You review test sheets.";
        skill.UserTemplate = "Review the sheet {{ sheet }}";
        skill.OutputSchema = Struct.Parser.ParseJson("""{"type": "object", "required": ["verdict"], "properties": {"verdict": {"type": "string"}}}""");
        skill.Examples.Add(examples);
        return skill;
    }

    private static SkillExample Example(string name, string sheet, ExampleScoring scoring, string expected = """{"verdict": "accepted"}""") => new()
    {
        Name = name,
        Variables = new Struct { Fields = { ["sheet"] = Value.ForString(sheet) } },
        Scoring = scoring,
        ExpectedOutput = scoring == ExampleScoring.Schema ? null : Value.Parser.ParseJson(expected),
    };

    private static ExampleResult Result(TestSkillResponse tested, string name) => tested.Results.Single(result => result.Name == name);

    private async Task<TestSkillResponse> TestAsync(TestSkillRequest request) => await client.TestSkillAsync(request, cancellationToken: Cancellation);
}
