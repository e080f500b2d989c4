using System.Diagnostics;
using Mainstay.Testing;

namespace Mainstay.SystemTests;

/// <summary>Follows docs/writing-a-skill.md to the letter: each command by the shell, each answer held to what the document shows of it.</summary>
[Collection(StackFixture.Collection)]
public sealed class WritingASkillTests(StackFixture stack) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("writing-a-skill-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryCommand_InOrder_AnswersAsTheDocumentShows()
    {
        var answer = "";
        foreach (var block in MarkdownBlocks.Of(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "writing-a-skill.md"), Cancellation)))
        {
            switch (block.Language)
            {
                // Everything runs already, on other ports.
                case "sh" when block.Text.StartsWith("./build.sh up", StringComparison.Ordinal):
                    break;
                case "sh" when block.Text.StartsWith("grpcurl", StringComparison.Ordinal):
                    answer = await AskAsync(block.Text);
                    break;
                case "sh":
                    answer = await RunAsync(block.Text);
                    break;
                case "text":
                    Assert.All(block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains(line, answer, StringComparison.Ordinal));
                    break;
                default:
                    Assert.Fail($"A block of {block.Language} is neither run nor checked.");
                    break;
            }
        }

        Assert.True(File.Exists(Path.Combine(folder.FullName, "sheet-check-1.1.0.zip")));
    }

    public void Dispose() => folder.Delete(recursive: true);

    private async Task<string> AskAsync(string lines)
    {
        var answers = await Task.WhenAll(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Peer.BufAsync(GrpcurlLine.AsBufCurl(Here(line), stack.Token()))));
        Assert.All(answers, Assert.NotEmpty);
        return string.Concat(answers);
    }

    private async Task<string> RunAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", Here(script)])
        {
            WorkingDirectory = folder.FullName,
            Environment = { ["TOKEN"] = stack.Token() },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = shell.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = shell.StandardError.ReadToEndAsync(Cancellation);
        await shell.WaitForExitAsync(Cancellation);
        Assert.True(shell.ExitCode == 0, $"{script}\n{await output}\n{await errors}");

        // As a reader sees it: what stands between quotes, with its lines.
        return (await output).Replace("\\n", "\n", StringComparison.Ordinal);
    }

    private string Here(string text) => text
        .Replace("127.0.0.1:8101", new Uri(stack.Environment.Endpoints.Services["skills"].Http).Authority, StringComparison.Ordinal)
        .Replace("127.0.0.1:7101", stack.Address("skills"), StringComparison.Ordinal);
}
