using Mainstay.Llm.V1;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Testing;

/// <summary>One example of a version that is tested.</summary>
/// <param name="TestId">The test, for the idempotency of its questions.</param>
/// <param name="Skill">The version.</param>
/// <param name="Example">The example.</param>
/// <param name="Model">The model route that answers.</param>
/// <param name="JudgeModel">The model route that judges.</param>
internal sealed record ExampleRun(Guid TestId, Skill Skill, SkillExample Example, string Model, string JudgeModel)
{
    /// <summary>A question of the example, with what the version says of how it is executed.</summary>
    public CompletionInput Input(string purpose, string model, IEnumerable<Message> messages)
    {
        var input = new CompletionInput
        {
            Model = model,
            Messages = { messages },
            MaxOutputTokens = Skill.ExecutionConfig?.MaxOutputTokens ?? 0,
            IdempotencyKey = $"skill-test/{TestId}/{purpose}/{Example.Name}",
        };
        if (Skill.ExecutionConfig is { HasTemperature: true } config)
        {
            input.Temperature = config.Temperature;
        }

        return input;
    }
}
