using System.Net;
using Mainstay.TemporalServer;
using Mainstay.TemporalServer.Batches;
using Mainstay.TemporalServer.Executions;
using Mainstay.TemporalServer.Frontend;
using Mainstay.TemporalServer.Matching;
using Mainstay.TemporalServer.Schedules;
using Mainstay.TemporalServer.Storage;
using Mainstay.TemporalServer.Timers;
using Mainstay.TemporalServer.Visibility;
using Microsoft.AspNetCore.Server.Kestrel.Core;

// Given as a word of its own, as flags are.
var builder = WebApplication.CreateSlimBuilder([.. args.Select(a => a == "--time-skipping" ? "--time-skipping=true" : a)]);
var address = IPEndPoint.Parse((builder.Configuration["address"] ?? "127.0.0.1:7233").Replace("localhost", "127.0.0.1", StringComparison.Ordinal));
var database = builder.Configuration["database"];
if (string.IsNullOrWhiteSpace(database))
{
    await Console.Error.WriteLineAsync("No database: give --database \"Host=…;Database=temporal;Username=…\".");
    return 1;
}

var skipsTime = builder.Configuration.GetValue("time-skipping", false);
builder.Logging.ClearProviders().AddJsonConsole().SetMinimumLevel(LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, listen => listen.Protocols = HttpProtocols.Http2));
await using var store = await Store.OpenAsync(database, CancellationToken.None);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton(store);
builder.Services.AddSingleton<TaskQueues>();
builder.Services.AddSingleton<WorkerRegistry>();
builder.Services.AddSingleton<WorkflowClock>();
builder.Services.AddSingleton(new OpenWork(watched: skipsTime));
builder.Services.AddSingleton<DueTimes>();
builder.Services.AddSingleton<RunCache>();
builder.Services.AddSingleton<RunHost>();
builder.Services.AddHostedService<RunRest>();
builder.Services.AddHostedService<NamespaceRemoval>();
builder.Services.AddSingleton<QueryBoard>();
builder.Services.AddSingleton<Namespaces>();
builder.Services.AddSingleton<SearchAttributeCatalog>();
builder.Services.AddSingleton<RunStarts>();
builder.Services.AddSingleton<RunResets>();
builder.Services.AddSingleton<ScheduleActions>();
builder.Services.AddSingleton<ScheduleHost>();
builder.Services.AddHostedService<ServerClock>();
builder.Services.AddSingleton<BatchActs>();
builder.Services.AddSingleton<BatchHost>();
builder.Services.AddHostedService(services => services.GetRequiredService<BatchHost>());
if (skipsTime)
{
    builder.Services.AddSingleton<TimeSkipper>();
    builder.Services.AddHostedService(services => services.GetRequiredService<TimeSkipper>());
}
else
{
    // Where days pass in milliseconds, a test would miss what it has just run.
    builder.Services.AddHostedService<Retention>();
}

builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<StoreErrors>());
builder.Services.AddGrpcReflection();
builder.Services.AddGrpcHealthChecks(health =>
{
    // What clients of every SDK ask for.
    health.Services.Map(Temporalio.Api.WorkflowService.V1.WorkflowService.Descriptor.FullName, _ => true);
    health.Services.Map(Temporalio.Api.OperatorService.V1.OperatorService.Descriptor.FullName, _ => true);
});

var app = builder.Build();
app.MapGrpcService<WorkflowFrontend>();
app.MapGrpcService<OperatorFrontend>();
if (skipsTime)
{
    app.MapGrpcService<TestFrontend>();
}

app.MapGrpcReflectionService();
app.MapGrpcHealthChecksService();
await app.Services.GetRequiredService<Namespaces>().LoadAsync(builder.Configuration["namespace"] ?? "default", CancellationToken.None);
await app.Services.GetRequiredService<SearchAttributeCatalog>().LoadAsync(CancellationToken.None);
await app.Services.GetRequiredService<RunHost>().RecoverAsync(CancellationToken.None);
await app.StartAsync();
await Console.Out.WriteLineAsync("ready");
await Task.WhenAny(app.WaitForShutdownAsync(), store.Lost);
if (store.Lost.IsCompleted)
{
    await Console.Error.WriteLineAsync("Another server has taken the database over.");
    return 1;
}

return 0;
