using Google.Protobuf.WellKnownTypes;
using Mainstay.Skills.V1;
using Mainstay.Testing;

namespace Mainstay.Skills.Tests;

/// <summary>A running registry that the tests of a class share.</summary>
public sealed class SkillsFixture : IAsyncLifetime
{
    public RunningService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Service = await RunningService.StartAsync(SkillsApplication.Build, "skills", TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    /// <summary>A client that may publish.</summary>
    public SkillService.SkillServiceClient Publisher(string subject = "ada") =>
        new(Service.As(subject, ("rbac_scope", "skills:publish")));

    /// <summary>A client with a token and nothing more.</summary>
    public SkillService.SkillServiceClient Reader() => new(Service.As("reader"));

    /// <summary>A version that is valid, under a name of its own unless one is given.</summary>
    public static Skill NewSkill(string? name = null, string version = "1.0.0") => new()
    {
        SkillName = name ?? $"skill-{Guid.CreateVersion7():n}",
        Version = version,
        Description = "Reviews a test sheet.",
        PromptTemplate = "Review {{ sheet }}.",
        AllowedTools = { "filesystem.read_text_file" },
        OutputSchema = new Struct { Fields = { ["type"] = Value.ForString("object") } },
        ExecutionConfig = new ExecutionConfig { Model = "default", MaxIterations = 20 },
    };
}
