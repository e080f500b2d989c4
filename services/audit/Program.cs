using Mainstay.Audit;
using Mainstay.ServiceDefaults.Hosting;

return await MainstayRunner.RunAsync(() => AuditApplication.Build(args));
