using System.Text.RegularExpressions;

namespace Architecture.Tests;

public sealed partial class SourceTests
{
    private const int MostLines = 400;

    private static readonly string[] Folders = ["services", "standins", "tests", "samples"];

    private static IEnumerable<string> Sources => Folders
        .Where(folder => Directory.Exists(Path.Combine(RepositoryFiles.Root, folder)))
        .SelectMany(folder => RepositoryFiles.Under(folder, "*.cs"));

    [Fact]
    public void Source_GrowsLong_BecomesTwoFiles() =>
        Assert.Empty(
            from path in Sources
            let lines = RepositoryFiles.ReadLines(path).Length
            where lines > MostLines
            select $"{path}: {lines} lines");

    [Fact]
    public void WorkflowCode_NeedsTimeRandomOrTheWorld_AsksTheWorkflow() =>
        Assert.Empty(
            from path in Sources.Where(path => path.EndsWith(".workflow.cs", StringComparison.Ordinal))
            from line in RepositoryFiles.ReadLines(path).Index()
            where !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal)
            from Match use in Undeterministic().Matches(line.Item)
            select $"{path}:{line.Index + 1}: {use.Value}");

    [Theory]
    [InlineData("var now = TimeProvider.System.GetUtcNow();")]
    [InlineData("await Task.Delay(10);")]
    [InlineData("var id = Guid.NewGuid();")]
    [InlineData("var text = File.ReadAllText(path);")]
    [InlineData("var lucky = Random.Shared.Next();")]
    [InlineData("await call.ConfigureAwait(false);")]
    public void Undeterministic_ForbiddenUse_IsFound(string line) => Assert.Matches(Undeterministic(), line);

    [Theory]
    [InlineData("var now = Workflow.UtcNow;")]
    [InlineData("var id = Workflow.NewGuid();")]
    [InlineData("await Workflow.DelayAsync(TimeSpan.FromDays(3));")]
    [InlineData("var lucky = Workflow.Random.Next();")]
    public void Undeterministic_UseOfTheWorkflow_IsAllowed(string line) => Assert.DoesNotMatch(Undeterministic(), line);

    // What has another answer on replay, or leaves the workflow's own scheduler.
    [GeneratedRegex("""
        (?<!Workflow\.)\b(DateTime|DateTimeOffset)\.(UtcNow|Now|Today)\b
        |\bTimeProvider\b|\bStopwatch\b|\bEnvironment\.
        |\bGuid\.(NewGuid|CreateVersion7)\b|(?<!Workflow\.)\bRandom\.Shared\b|\bnew\ Random\b|\bRandomNumberGenerator\b
        |\bTask\.(Run|Delay|WhenAny|WaitAll|WaitAny)\b|\bParallel\.|\bThread\b|\bThreadPool\b|\bConfigureAwait\b|\bCancellationTokenSource\(TimeSpan
        |\b(File|Directory)\.[A-Z]|\bHttpClient\b|\bSocket\b|\bNpgsql\w*|\bGrpcChannel\b|\bConsole\.
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Undeterministic();
}
