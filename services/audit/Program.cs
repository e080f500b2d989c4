using Mainstay.Audit;
using Mainstay.Audit.Export;
using Mainstay.ServiceDefaults.Hosting;

return VerifyCommand.IsMeant(args)
    ? await VerifyCommand.RunAsync(args, Console.Out, Console.Error)
    : await MainstayRunner.RunAsync(() => AuditApplication.Build(args));
