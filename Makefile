run:
	@./go run
test:
	@./go test
check:
	@./go check
.PHONY: run test check
