using System.Text;
using Mainstay.Audit.Export;
using Mainstay.Audit.V1;

namespace Mainstay.Audit.Tests.Export;

/// <summary>Exports as their holders have them.</summary>
internal static class ExportFile
{
    /// <summary>The lines of an export.</summary>
    public static async Task<List<string>> LinesAsync(AuditService.AuditServiceClient client, ExportEventsRequest request)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var call = client.ExportEvents(request, cancellationToken: cancellationToken);
        var text = new StringBuilder();
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            text.Append(call.ResponseStream.Current.Data.ToStringUtf8());
        }

        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>Whether a line holds an event.</summary>
    public static bool IsEvent(string line) => line.StartsWith("{\"event\"", StringComparison.Ordinal);

    /// <summary>What the command says of a file with these lines, verified by public keys.</summary>
    public static async Task<(int ExitCode, string Output)> VerifyAsync(IEnumerable<string> lines, IEnumerable<string> pems, params string[] more)
    {
        var directory = Directory.CreateTempSubdirectory("mainstay-");
        try
        {
            var file = Path.Combine(directory.FullName, "export.jsonl");
            await File.WriteAllLinesAsync(file, lines, TestContext.Current.CancellationToken);
            List<string> arguments = ["verify", file];
            foreach (var (i, pem) in pems.Index())
            {
                var key = Path.Combine(directory.FullName, $"{i}.pem");
                await File.WriteAllTextAsync(key, pem, TestContext.Current.CancellationToken);
                arguments.AddRange(["--key", key]);
            }

            using var output = new StringWriter();
            return (await VerifyCommand.RunAsync([.. arguments, .. more], output, output), output.ToString());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
