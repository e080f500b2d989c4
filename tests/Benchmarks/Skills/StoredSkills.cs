using Google.Protobuf.WellKnownTypes;
using Mainstay.Benchmarks.Harness;
using Mainstay.Skills.V1;

namespace Mainstay.Benchmarks.Skills;

/// <summary>Skills as a registry in use holds them: many names, several versions each, a template of a page.</summary>
internal sealed record StoredSkills(int Names, int Versions)
{
    private const int Publishers = 16;

    private static readonly string Template = string.Join('\n', Enumerable.Repeat("Review {{ sheet }} against {{ procedure }} and name each deviation.", 12));

    /// <summary>The name of a skill by its number.</summary>
    public static string Name(int number) => $"bench-skill-{number:d6}";

    /// <summary>A version by its number.</summary>
    public static string Version(int number) => $"1.{number}.0";

    /// <summary>Publishes all of them through the service.</summary>
    public async Task PublishAsync(SkillService.SkillServiceClient client, CancellationToken cancellationToken) =>
        await Load.TimesAsync(Names * Versions, Publishers, async number => await client.RegisterSkillAsync(
            new() { Skill = NewSkill(Name(number / Versions), Version(number % Versions)) }, cancellationToken: cancellationToken));

    private static Skill NewSkill(string name, string version) => new()
    {
        SkillName = name,
        Version = version,
        Description = $"Reviews the test sheets of plant {name}.",
        PromptTemplate = Template,
        AllowedTools = { "filesystem.read_text_file", "filesystem.list_directory" },
        OutputSchema = new Struct { Fields = { ["type"] = Value.ForString("object") } },
        ExecutionConfig = new ExecutionConfig { Model = "default", MaxIterations = 20 },
    };
}
