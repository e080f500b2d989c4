using Dapper;
using Google.Rpc;
using Grpc.Core;
using Mainstay.Llm.V1;
using Mainstay.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using StatusCode = Grpc.Core.StatusCode;

namespace Mainstay.LlmGateway.Tests;

/// <summary>A running gateway with scripts of its own.</summary>
public sealed class Gateway : IAsyncDisposable
{
    private readonly DirectoryInfo directory;

    private Gateway(RunningService service, DirectoryInfo directory)
    {
        Service = service;
        this.directory = directory;
    }

    public RunningService Service { get; }

    public NpgsqlDataSource Database => Service.Application.Services.GetRequiredService<NpgsqlDataSource>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts a gateway whose model "default" plays a script.</summary>
    /// <param name="script">The script.</param>
    /// <param name="more">Further lines of the section <c>llm</c>, in flow style.</param>
    /// <param name="providers">Further entries of <c>llm.providers</c>.</param>
    /// <param name="routes">Further entries of <c>llm.routes</c>.</param>
    /// <param name="timeout">How long the rehearsal may take.</param>
    /// <param name="database">The database of another gateway, to be a second process of it.</param>
    public static async Task<Gateway> StartAsync(
        string script, string more = "", string providers = "", string routes = "", string timeout = "60s", string? database = null)
    {
        var directory = Directory.CreateTempSubdirectory("rehearsal-");
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "script.yaml"), script, Cancellation);
        var yaml = $$"""
            llm:
              providers: [{name: rehearsal, type: rehearsal, script_directory: "{{directory.FullName}}", timeout: {{timeout}}}{{Entry(providers)}}]
              routes: [{model: default, provider: rehearsal, upstream_model: script, input_price_per_million: 0.40, output_price_per_million: 1.60}{{Entry(routes)}}]
              {{more}}
            """;
        string[] other = database is null ? [] : ["--postgres:database", database];
        return new Gateway(await RunningService.StartAsync(arguments => LlmGatewayApplication.Build([.. arguments, .. other]), "llm-gateway", Cancellation, yaml), directory);
    }

    /// <summary>A client of a project.</summary>
    public CompletionService.CompletionServiceClient Client(string subject = "ada", string team = "grid", string project = "norrvik", string scope = "") =>
        new(Service.As(subject, ("team", team), ("project", project), ("rbac_scope", scope)));

    /// <summary>Asks for a whole answer.</summary>
    public async Task<Completion> CompleteAsync(CompletionInput input) =>
        (await Client().CompleteAsync(new CompleteRequest { Input = input }, cancellationToken: Cancellation)).Completion;

    /// <summary>Asks for a streamed answer and reads all of it.</summary>
    public async Task<(IReadOnlyList<string> Text, Completion Completion)> StreamAsync(CompletionInput input)
    {
        using var call = Client().StreamComplete(new StreamCompleteRequest { Input = input }, cancellationToken: Cancellation);
        var parts = await call.ResponseStream.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
        Assert.All(parts.SkipLast(1), part => Assert.Equal(StreamCompleteResponse.PartOneofCase.TextDelta, part.PartCase));
        return ([.. parts.SkipLast(1).Select(part => part.TextDelta)], parts[^1].Completion);
    }

    /// <summary>Asserts that a question fails, and how.</summary>
    public async Task<RpcException> RefusedAsync(CompletionInput input, StatusCode code, LlmErrorReason reason)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(() => CompleteAsync(input));
        AssertReason(exception, code, reason);
        return exception;
    }

    public static void AssertReason(RpcException exception, StatusCode code, LlmErrorReason reason)
    {
        Assert.Equal(code, exception.StatusCode);
        var info = exception.GetRpcStatus()!.GetDetail<ErrorInfo>()!;
        Assert.Equal(LlmErrorReasonDescriptor(reason), info.Type);
        Assert.Equal("llm.mainstay", info.Domain);
    }

    /// <summary>A conversation in which a user says one thing.</summary>
    public static CompletionInput Ask(string text, string key = "", string workflowId = "") => new()
    {
        Messages = { new Message { Role = Role.User, Content = text } },
        IdempotencyKey = key,
        WorkflowId = workflowId,
    };

    /// <summary>Keeps what the gateway logs from now on.</summary>
    public LogCapture CaptureLog()
    {
        var capture = new LogCapture();
        Service.Application.Services.GetRequiredService<ILoggerFactory>().AddProvider(capture);
        return capture;
    }

    /// <summary>A value that the database holds.</summary>
    public async Task<T?> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        return await connection.ExecuteScalarAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        directory.Delete(recursive: true);
    }

    private static string LlmErrorReasonDescriptor(LlmErrorReason reason) =>
        LlmErrorsReflection.Descriptor.EnumTypes[0].FindValueByNumber((int)reason).Name;

    private static string Entry(string yaml) => yaml.Length == 0 ? "" : $", {yaml.ReplaceLineEndings(" ")}";
}
