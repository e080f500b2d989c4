using Grpc.Core;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.Skills.Tests.Lifecycle;

public sealed class LifecycleTests(SkillsFixture skills) : IClassFixture<SkillsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RegisterSkill_Draft_CanBeReplacedAndIsSeenByAuthorsAlone()
    {
        var skill = SkillsFixture.NewSkill();
        var first = await skills.Publisher().RegisterAsync(skill, draft: true);
        skill.PromptTemplate = "Better.";
        var second = await skills.Publisher().RegisterAsync(skill, draft: true);

        Assert.Equal((SkillState.Draft, ""), (second.State, second.Publisher));
        Assert.NotEqual(first.Digest, second.Digest);
        Assert.Equal("Better.", (await skills.Publisher().GetAsync(skill.SkillName, "1.0.0")).PromptTemplate);
        await Refusal.OfAsync(() => skills.Reader().GetAsync(skill.SkillName, "1.0.0"), StatusCode.NotFound, "SKILL_NOT_FOUND");
        await Refusal.OfAsync(() => skills.Publisher().GetAsync(skill.SkillName), StatusCode.NotFound, "SKILL_NOT_FOUND");
    }

    [Fact]
    public async Task PublishSkill_Draft_IsPublishedAsItIs()
    {
        var draft = await skills.Publisher().RegisterAsync(SkillsFixture.NewSkill(), draft: true);

        var published = await skills.Publisher("grace").PublishAsync(draft.SkillName, draft.Version, draft.Digest);

        Assert.Equal((SkillState.Published, "grace", draft.Digest), (published.State, published.Publisher, published.Digest));
        Assert.NotNull(published.PublishTime);
        Assert.Equal(published, await skills.Reader().GetAsync(draft.SkillName));
        Assert.Equal(published, await skills.Publisher().PublishAsync(draft.SkillName, draft.Version));
    }

    [Fact]
    public async Task PublishSkill_DraftChangedSinceItsReview_IsRefused()
    {
        var skill = SkillsFixture.NewSkill();
        var reviewed = await skills.Publisher().RegisterAsync(skill, draft: true);
        skill.PromptTemplate = "Something else.";
        await skills.Publisher().RegisterAsync(skill, draft: true);

        await Refusal.OfAsync(
            () => skills.Publisher().PublishAsync(skill.SkillName, skill.Version, reviewed.Digest), StatusCode.FailedPrecondition, "STATE_CONFLICT");
    }

    [Fact]
    public async Task RegisterSkill_DraftOverPublishedVersion_IsRefused()
    {
        var skill = SkillsFixture.NewSkill();
        await skills.Publisher().RegisterAsync(skill);
        skill.PromptTemplate = "Something else.";

        await Refusal.OfAsync(() => skills.Publisher().RegisterAsync(skill, draft: true), StatusCode.AlreadyExists, "VERSION_EXISTS");
    }

    [Fact]
    public async Task DeprecateSkill_NewestVersion_MakesWayForThePublishedOneBelow()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0", "1.1.0");

        var deprecated = await skills.Publisher().DeprecateAsync(name, "1.1.0", "Too slow; use 1.0.0.");

        Assert.Equal((SkillState.Deprecated, "Too slow; use 1.0.0.", "ada"), (deprecated.State, deprecated.StateReason, deprecated.StateAuthor));
        Assert.Equal("1.0.0", (await skills.Reader().GetAsync(name)).Version);
        await skills.Publisher().DeprecateAsync(name, "1.0.0", "Old.");
        Assert.Equal("1.1.0", (await skills.Reader().GetAsync(name)).Version);
    }

    [Fact]
    public async Task WithdrawSkill_PinnedVersion_IsStillServedAndSaysWhy()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");

        await skills.Publisher().WithdrawAsync(name, "1.0.0", "It leaks names.");

        var pinned = await skills.Reader().GetAsync(name, "1.0.0");
        Assert.Equal((SkillState.Withdrawn, "It leaks names."), (pinned.State, pinned.StateReason));
        await Refusal.OfAsync(() => skills.Reader().GetAsync(name), StatusCode.NotFound, "SKILL_NOT_FOUND");
        await Refusal.OfAsync(() => skills.Reader().ResolveAsync(name, "1.0.0"), StatusCode.FailedPrecondition, "VERSION_WITHDRAWN");
        await Refusal.OfAsync(() => skills.Reader().ResolveAsync(name, "latest"), StatusCode.FailedPrecondition, "VERSION_WITHDRAWN");
    }

    [Fact]
    public async Task DeprecateSkill_WithdrawnVersion_IsRefused()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");
        await skills.Publisher().WithdrawAsync(name, "1.0.0", "Wrong.");

        await Refusal.OfAsync(() => skills.Publisher().DeprecateAsync(name, "1.0.0", "Old."), StatusCode.FailedPrecondition, "STATE_CONFLICT");
        await Refusal.OfAsync(() => skills.Publisher().PublishAsync(name, "1.0.0"), StatusCode.FailedPrecondition, "STATE_CONFLICT");
    }

    [Fact]
    public async Task WithdrawSkill_WithoutReason_IsRefused()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");

        var violations = await Refusal.OfAsync(() => skills.Publisher().WithdrawAsync(name, "1.0.0", " "), StatusCode.InvalidArgument, "FIELD_INVALID");

        Assert.Equal("reason", Assert.Single(violations).Field);
    }

    [Fact]
    public async Task WithdrawSkill_WithoutTheScope_IsDenied()
    {
        var name = await skills.Publisher().RegisterVersionsAsync("1.0.0");

        await Refusal.OfAsync(() => skills.Reader().WithdrawAsync(name, "1.0.0", "Because."), StatusCode.PermissionDenied, "SCOPE_MISSING");
    }

    [Fact]
    public async Task EachStep_Taken_IsAnnouncedOnTheBus()
    {
        await using var bus = await BusListener.StartAsync("mainstay.audit", "skills.#", Cancellation);
        var skill = await skills.Publisher().RegisterAsync(SkillsFixture.NewSkill(), draft: true);
        await skills.Publisher().PublishAsync(skill.SkillName, skill.Version);
        await skills.Publisher().SetAliasAsync(skill.SkillName, "production", skill.Version);
        await skills.Publisher().DeprecateAsync(skill.SkillName, skill.Version, "Old.");
        await skills.Publisher().WithdrawAsync(skill.SkillName, skill.Version, "Wrong.");
        await skills.Publisher().SetVisibilityAsync(
            new SetVisibilityRequest { SkillName = skill.SkillName, Visibility = new Visibility { Projects = { "line-1" } } }, cancellationToken: Cancellation);

        var actions = new List<string>();
        while (actions.Count < 6)
        {
            var message = await bus.NextAsync(Cancellation);
            var body = System.Text.Json.Nodes.JsonNode.Parse(message.Body.Span)!;
            if (body["resource"]!["document_name"]!.GetValue<string>() == skill.SkillName)
            {
                actions.Add(body["action"]!.GetValue<string>());
            }
        }

        Assert.Equal(["skill_draft", "skill_publish", "skill_alias", "skill_deprecate", "skill_withdraw", "skill_visibility"], actions);
    }
}
