# 绩溪救助: the commands of the README. Everything here may be run again at any time.
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell \
  $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))) python3)
HAS_PYTHON = command -v $(PYTHON) >/dev/null || { \
  echo "没有找到 $(PYTHON)。请先安装 Python 3.11 或更新版本（Debian、Ubuntu：sudo apt-get install python3）。" >&2; exit 1; }
PORT ?= 8000
PYTEST ?= -n 2

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo walk test simulate lint lock

help: ## 列出全部命令
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

setup: ## 准备运行环境：虚拟环境、锁定的依赖、系统组件、字体、密钥
	@$(HAS_PYTHON)
	@$(PYTHON) scripts/setup.py

setup-test:
	@$(HAS_PYTHON)
	@$(PYTHON) scripts/setup.py --test

demo: setup ## 启动演示：数据库、网页、后台任务一起启动，Ctrl-C 全部停止（make demo PORT=8080 换端口）
	@exec .venv/bin/python manage.py demo --port $(PORT)

walk: setup ## 走一遍主线：一个家庭从受理到确认并打印文书，输出在 var/walk/
	@.venv/bin/python manage.py walk

test: setup-test ## 运行全部测试（真实的 PostgreSQL）；make test PYTEST="-n0 -k 名称" 只跑一部分
	@.venv/bin/python -m pytest $(PYTEST)

simulate: setup-test ## 三年模拟：一个乡镇500户逐户逐月对账，用几分钟（make test 只跑其中一部分家庭）
	@JIXI_SIMULATED_FAMILIES=500 .venv/bin/python -m pytest -n0 tests/simulation

lint: setup-test ## 检查格式、类型、房间之间的依赖方向、迁移和状态图
	@scripts/lint.sh

lock: ## 按 pyproject.toml 重新锁定依赖（make lock 后提交 requirements/）
	@scripts/lock.sh
