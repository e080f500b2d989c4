using System.ComponentModel;
using System.Net.Sockets;
using ModelContextProtocol.Client;

namespace Mainstay.ToolGateway.Connectors;

/// <summary>Says in one line why a server could not be started.</summary>
internal static class StartFailure
{
    public static string Explain(Exception exception, ConnectorOptions options, ConnectorSecrets secrets, string lastWords)
    {
        var what = Chain(exception).Select(one => Explain(one, options)).FirstOrDefault(text => text is not null)
            ?? (exception is IOException && options.Command is { } command ? $"its program '{command}' ended before it answered." : null)
            ?? secrets.Hide($"it did not start: {exception.GetType().Name}: {exception.Message}");
        return lastWords.Length > 0 ? $"{what} Its last words: {lastWords}" : what;
    }

    private static string? Explain(Exception exception, ConnectorOptions options) => exception switch
    {
        // A broken pipe, which is one of the system's errors too; that the program ended says more.
        SocketException => null,
        ClientTransportClosedException { Details: StdioClientCompletionDetails { ExitCode: { } code } } =>
            $"its program '{options.Command}' ended before it answered, with the exit code {code}.",
        Win32Exception when options.WorkingDirectory is { } directory && !Directory.Exists(directory) => $"its working_directory '{directory}' does not exist.",
        Win32Exception { NativeErrorCode: 2 } => $"its command '{options.Command}' was not found.",
        Win32Exception e => $"its command '{options.Command}' cannot be run: {e.Message}.",
        HttpRequestException { StatusCode: { } status } => $"{options.Url} answered {(int)status} ({status}).",
        HttpRequestException e => $"{options.Url} does not answer: {e.Message}.",
        OperationCanceledException or TimeoutException => $"it did not answer within {options.StartTimeout.TotalSeconds:0.#} s (start_timeout).",
        _ => null,
    };

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var one = exception; one is not null; one = one.InnerException)
        {
            yield return one;
        }
    }
}
