using Grpc.Core;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.Skills.Tests.Lifecycle;

public sealed class FourEyesTests
{
    [Fact]
    public async Task PublishSkill_PolicyOfFourEyes_TakesASecondPerson()
    {
        await using var service = await RunningService.StartAsync(
            SkillsApplication.Build, "skills", TestContext.Current.CancellationToken, "skills: {publishing: four-eyes}");
        var author = new SkillService.SkillServiceClient(service.As("ada", ("rbac_scope", "skills:publish")));
        var reviewer = new SkillService.SkillServiceClient(service.As("grace", ("rbac_scope", "skills:publish")));
        var skill = SkillsFixture.NewSkill();

        await Refusal.OfAsync(() => author.RegisterAsync(skill), StatusCode.FailedPrecondition, "SECOND_PERSON_NEEDED");
        await author.RegisterAsync(skill, draft: true);
        await Refusal.OfAsync(() => author.PublishAsync(skill.SkillName, skill.Version), StatusCode.FailedPrecondition, "SECOND_PERSON_NEEDED");
        var published = await reviewer.PublishAsync(skill.SkillName, skill.Version);

        Assert.Equal("grace", published.Publisher);
    }
}
