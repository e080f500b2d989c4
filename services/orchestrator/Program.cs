using Mainstay.Orchestrator;
using Mainstay.ServiceDefaults.Hosting;

return await MainstayRunner.RunAsync(() => OrchestratorApplication.Build(args));
